// Each test runs a device in real time: one at a time, so that none is late because of another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
