// Each test has devices and ports of its own. They run in real time and mostly wait, so a few at once fit on two cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
