using Microneedling.Firmware;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests;

public sealed class EventLogTests
{
    [Fact]
    public void Numbers_rise_by_one_and_the_oldest_falls_off_a_full_ring()
    {
        var log = new EventLog();
        Assert.Equal((0u, 0u), (log.OldestNumber, log.LatestNumber));
        for (int i = 1; i <= 1000; i++)
        {
            log.Add(i * 1000L, EventCode.TriggerPressed, i, -i);
        }

        var report = new EventReport();
        Assert.Equal(1000u, log.LatestNumber);
        Assert.Equal(128u, log.LatestNumber - log.OldestNumber + 1);
        for (uint number = log.OldestNumber; number <= log.LatestNumber; number++)
        {
            log.Fill(report, number);
            Assert.Equal((number, number, (int)number, -(int)number), (report.Number, report.UptimeMilliseconds, report.Argument1, report.Argument2));
        }
    }
}
