using Microneedling.Client.Link;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>
/// The device's time against a truth that the test knows: two crystals that drift apart, ways there and back that take
/// different and varying times, answers that are lost. The true moment is always within the stated error.
/// </summary>
public class DeviceClockTests(ITestOutputHelper output)
{
    private const double Milli = 1e-3;

    [Theory]
    [InlineData(0.1, 0.1)]
    [InlineData(2, 12)]
    [InlineData(20, 20)]
    [InlineData(1, 200)]
    [InlineData(200, 1)]
    public void True_moment_is_always_within_the_stated_error(double thereMilliseconds, double backMilliseconds)
    {
        for (int round = 0; round < 40; round++)
        {
            Truth truth = new(Seed());
            DeviceClock clock = new();
            for (int i = 0; i < 400; i++)
            {
                truth.Pass(truth.Chance(0.02) ? 600 : 1);
                if (truth.Chance(0.2))
                {
                    continue;
                }

                if (truth.Chance(0.5))
                {
                    truth.Ask(clock, truth.Jitter(thereMilliseconds), truth.Jitter(backMilliseconds));
                }
                else
                {
                    truth.Report(clock, truth.Jitter(backMilliseconds));
                }

                if (clock.IsSet)
                {
                    for (int k = 0; k < 5; k++)
                    {
                        truth.Check(clock, truth.Random.NextDouble() * (k == 0 ? 0 : 3600));
                    }
                }
            }

            Assert.Equal(0, clock.Outliers);
        }
    }

    [Fact]
    public void Error_on_a_good_line_is_under_seven_milliseconds_and_grows_by_a_tenth_of_a_millisecond_a_second_without_answers()
    {
        Truth truth = new(Seed());
        DeviceClock clock = new();
        for (int i = 0; i < 100; i++)
        {
            truth.Pass(1);
            truth.Ask(clock, truth.Jitter(2), truth.Jitter(2) + (truth.Random.NextDouble() * 10 * Milli));
        }

        double error = truth.Check(clock, 0);
        output.WriteLine($"error {error * 1000:0.00} ms");
        Assert.InRange(error, 0, 7 * Milli);
        TimeSpan before = truth.Host;
        truth.Pass(100);
        truth.Report(clock, 1);
        double grown = (truth.Check(clock, 0) - error) / (truth.Host - before).TotalSeconds;
        Assert.InRange(grown, 0.099 * Milli, 0.101 * Milli);
    }

    [Fact]
    public void One_answer_that_cannot_be_true_is_left_out_and_counted()
    {
        Truth truth = new(Seed());
        DeviceClock clock = new();
        truth.Ask(clock, 2 * Milli, 2 * Milli);
        for (int i = 1; i <= 5; i++)
        {
            clock.RoundTrip(truth.Host, truth.Host, TimeSpan.FromHours(i));
            clock.RoundTrip(truth.Host, truth.Host, TimeSpan.FromHours(-i));
            truth.Pass(1);
            truth.Ask(clock, 2 * Milli, 2 * Milli);
            truth.Check(clock, 0);
        }

        clock.Report(truth.Host, TimeSpan.FromDays(1000));
        Assert.Equal(11, clock.Outliers);
        truth.Check(clock, 0);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    public void Third_answer_after_a_clock_was_set_is_believed(double jumpSeconds)
    {
        Truth truth = new(Seed());
        DeviceClock clock = new();
        for (int i = 0; i < 20; i++)
        {
            truth.Pass(1);
            truth.Ask(clock, 2 * Milli, 2 * Milli);
        }

        truth.SetDevice(jumpSeconds);
        for (int i = 0; i < 3; i++)
        {
            truth.Pass(1);
            truth.Report(clock, 1 * Milli);
            truth.Ask(clock, 2 * Milli, 2 * Milli);
        }

        Assert.InRange(truth.Check(clock, 0), 0, 7 * Milli);
    }

    [Fact]
    public void Before_the_first_answer_nothing_is_known()
    {
        DeviceClock clock = new();
        clock.Report(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        Assert.False(clock.IsSet);
        Assert.Throws<InvalidOperationException>(() => clock.HostTimeOf(TimeSpan.FromSeconds(1)));
    }

    private int Seed()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return seed;
    }

    /// <summary>Both clocks as they really go, in seconds of real time.</summary>
    private sealed class Truth
    {
        private readonly double hostRate;
        private readonly double deviceRate;
        private double now;
        private double deviceOffset;

        public Truth(int seed)
        {
            Random = new Random(seed);
            hostRate = 1 + (((Random.NextDouble() * 2) - 1) * 50e-6);
            deviceRate = 1 + (((Random.NextDouble() * 2) - 1) * 50e-6);
            deviceOffset = Random.NextDouble() * 4e6;
            now = 5000;
        }

        public Random Random { get; }

        public TimeSpan Host => HostAt(now);

        public bool Chance(double probability) => Random.NextDouble() < probability;

        /// <summary>At least half of it, mostly little more, at times ten times as much; in seconds.</summary>
        public double Jitter(double milliseconds) => milliseconds * Milli * (0.5 + (Random.NextDouble() * (Chance(0.05) ? 10 : 1)));

        public void Pass(double seconds) => now += seconds * (0.5 + Random.NextDouble());

        public void SetDevice(double seconds) => deviceOffset += seconds;

        /// <summary>The device's tick notes its time up to a millisecond before it takes the question in.</summary>
        public void Ask(DeviceClock clock, double there, double back)
        {
            TimeSpan sent = Host;
            now += there;
            TimeSpan noted = Told(now - (Random.NextDouble() * Milli));
            now += back;
            clock.RoundTrip(sent, Host, noted);
        }

        public void Report(DeviceClock clock, double back)
        {
            TimeSpan noted = Told(now);
            now += back;
            clock.Report(Host, noted);
        }

        /// <summary>Looks up something that happened so long ago, and returns the stated error in seconds.</summary>
        public double Check(DeviceClock clock, double ago)
        {
            double then = now - ago;
            (TimeSpan host, TimeSpan error) = clock.HostTimeOf(Told(then));
            Assert.True((host - HostAt(then)).Duration() <= error, $"{(host - HostAt(then)).TotalMilliseconds:0.000} ms off, {error.TotalMilliseconds:0.000} stated, {ago:0} s ago");
            return error.TotalSeconds;
        }

        private TimeSpan Told(double moment) => TimeSpan.FromMilliseconds(Math.Floor(((moment * deviceRate) + deviceOffset) * 1000));

        private TimeSpan HostAt(double moment) => TimeSpan.FromSeconds(moment * hostRate);
    }
}
