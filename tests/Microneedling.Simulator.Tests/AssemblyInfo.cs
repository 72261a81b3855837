// Devices run in real time here: one test at a time, so that none is late because of another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
