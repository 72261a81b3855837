// Each test runs a device in real time, which waits more than it works: two at a time, so that none is late because of another.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
