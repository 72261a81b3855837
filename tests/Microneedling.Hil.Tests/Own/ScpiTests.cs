// The bench controller's protocol: what a scenario sees through it is what the bench sees, and a controller that does not answer
// as it should is told in words.

using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microneedling.Client;
using Microneedling.Qa.Instruments;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;

namespace Microneedling.Hil.Tests;

public sealed class ScpiTests
{
    [Fact]
    public void A_treatment_looks_the_same_through_the_controller() => VirtualTime.Run(new BoardOptions { Seed = 3, Imperfections = ImperfectionLevel.Dynamic }, async (time, simulated) =>
    {
        await using SimulatedBench truth = new(simulated);
        await using ScpiBench bench = await ScpiBench.ConnectAsync(new ControllerLine(new ScpiController(truth)), time);
        TestStand stand = new(() => Task.FromResult(simulated.Connect()), bench, time, simulated);
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(800, 60));
        await bench.ClearAsync();
        await stand.DelayAsync(3);
        await stand.Device.StopAsync();
        await stand.QuietAsync();

        Assert.Equal(truth.Identity, bench.Identity);
        var (told, seen) = (await bench.StrokesAsync(), await truth.StrokesAsync());
        Assert.InRange(told.Count, 150, 200);
        Assert.Equal(seen.Select(stroke => stroke.EndedAtMicroseconds), told.Select(stroke => stroke.EndedAtMicroseconds));
        Assert.All(seen.Zip(told), pair => Assert.Equal(pair.First.DeepestTipMicrometers, pair.Second.DeepestTipMicrometers, 0.001));
        Assert.Equal((await truth.ExtremesAsync()).LastOutMicroseconds, (await bench.ExtremesAsync()).LastOutMicroseconds);
        Assert.Equal((await truth.ReadAsync()).Strokes, (await bench.ReadAsync()).Strokes);
        await Teardown.LeaveSafeAsync(stand);
        Assert.False((await bench.ReadAsync()).SupplyGood);
        Assert.True((await bench.ReadAsync()).TipMicrometers <= 0);
    });

    [Theory]
    [InlineData("MEAS:ALL?", "1,2,3", "is not the answer of hardware-docs/jig.md")]
    [InlineData("MEAS:ALL?", "a,b,c,d,e", "is not the answer of hardware-docs/jig.md")]
    [InlineData("MEAS:ALL?", "ERR -200,\"gauge unplugged\"", "refused 'MEAS:ALL?': -200,\"gauge unplugged\"")]
    [InlineData("CAL:DATE?", "yesterday", "is not the answer of hardware-docs/jig.md")]
    public async Task A_controller_that_answers_oddly_is_told_in_words(string command, string answer, string words)
    {
        var error = await Assert.ThrowsAsync<BenchException>(async () =>
        {
            await using var bench = await ScpiBench.ConnectAsync(new ControllerLine(new ScpiController(new StillBench()), command, answer));
            await bench.ReadAsync();
        });

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_controller_that_is_silent_is_told_after_two_seconds() => VirtualTime.Run(new BoardOptions(), async (time, _) =>
    {
        long began = time.NowMicroseconds;
        var error = await Assert.ThrowsAsync<BenchException>(() => ScpiBench.ConnectAsync(new ControllerLine(new ScpiController(new StillBench()), "*IDN?", null), time));

        Assert.Contains("did not answer '*IDN?' within 2 s", error.Message, StringComparison.Ordinal);
        Assert.InRange(time.NowMicroseconds - began, 2_000_000, 2_010_000);
    });

    [Fact]
    public void The_controller_hears_of_a_program_that_only_waits_often_enough_for_its_dead_man() => VirtualTime.Run(new BoardOptions(), async (time, _) =>
    {
        ControllerLine line = new(new ScpiController(new StillBench())) { Heard = () => time.NowMicroseconds };
        await using (await ScpiBench.ConnectAsync(line, time))
        {
            await time.Delay(TimeSpan.FromSeconds(90));
        }

        Assert.InRange(line.LongestSilenceMicroseconds, 1, 2_000_000);
        int before = line.Commands;
        await time.Delay(TimeSpan.FromSeconds(10));
        Assert.Equal(before, line.Commands);
    });

    [Fact]
    public void An_answer_that_comes_too_late_is_never_taken_for_another() => VirtualTime.Run(new BoardOptions(), async (time, _) =>
    {
        await using ScpiBench bench = await ScpiBench.ConnectAsync(new ControllerLine(new ScpiController(new StillBench()), "MEAS:EXTR?", null), time);
        await Assert.ThrowsAsync<BenchException>(() => bench.ExtremesAsync());

        Assert.Contains("Connect to it anew", (await Assert.ThrowsAsync<BenchException>(() => bench.ReadAsync())).Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("OUTP:TRIG MAYBE", -224)]
    [InlineData("OUTP:TRIG", -109)]
    [InlineData("OUTP:SHUTTER ON", -113)]
    [InlineData("STR:DATA? -1,5", -222)]
    [InlineData("STR:DATA? 5", -109)]
    [InlineData("SYST:DEAD soon", -222)]
    [InlineData("SYST:DEAD -1", -222)]
    [InlineData("INIT now", -113)]
    [InlineData("MEAS:RATE?", -113)] // No such gauge on this bench.
    [InlineData("say \"hello\"", -113)]
    [InlineData("", -113)]
    public async Task What_cannot_be_followed_is_refused_with_the_code_of_the_document(string command, int code)
    {
        await using ScpiController controller = new(new StillBench());
        string answer = await controller.AnswerAsync(command);

        Assert.StartsWith($"ERR {code},\"", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Count(one => one == '"'));
        Assert.Equal(answer["ERR ".Length..], await controller.AnswerAsync("SYST:ERR?"));
        Assert.Equal("0,\"no error\"", await controller.AnswerAsync("SYST:ERR?"));
    }

    [Fact]
    public async Task Of_errors_that_nobody_asks_for_the_oldest_stand()
    {
        await using ScpiController controller = new(new StillBench());
        List<string> told = [];
        for (int i = 0; i < 100; i++)
        {
            await controller.AnswerAsync($"FOO{i}");
        }

        while (await controller.AnswerAsync("SYST:ERR?") is var error && !error.StartsWith('0'))
        {
            told.Add(error);
        }

        Assert.Equal("-113,\"no such command: FOO0\"", told[0]);
        Assert.StartsWith("-350", told[^1], StringComparison.Ordinal);
        Assert.InRange(told.Count, 2, 100);
    }

    [Fact]
    public void Every_command_of_the_document_is_answered_for_the_simulated_device() => VirtualTime.Run(new BoardOptions(), async (time, simulated) =>
    {
        await using ScpiController controller = new(new SimulatedBench(simulated), time);
        TestStand stand = new(() => Task.FromResult(simulated.Connect()), new SimulatedBench(simulated), time, simulated);
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(800, 60));
        await stand.DelayAsync(1);
        string[] rows = [.. File.ReadLines(Path.Combine(QaSettings.Repository(), "hardware-docs", "jig.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')[1])];
        string[] commands = [.. rows
            .SelectMany(row => row.Split('`').Where((_, i) => i % 2 == 1).Where(part => part != "OFF"))
            .Select(command => command.Replace(" first,count", " 0,2", StringComparison.Ordinal).Replace(" n", " 60", StringComparison.Ordinal))
            .OrderBy(command => command.EndsWith("DATA? 0,2", StringComparison.Ordinal) || command.EndsWith("TRACE? 0,2", StringComparison.Ordinal) ? 1 : 0)];

        Assert.InRange(commands.Length, 20, 40);
        foreach (string command in commands.Where(command => command != "INIT"))
        {
            string answer = await controller.AnswerAsync(command);
            Assert.False(answer.Length == 0 || answer.StartsWith("ERR", StringComparison.Ordinal), $"{command}: {answer}");
        }

        Assert.InRange(long.Parse(await controller.AnswerAsync("MEAS:RATE?"), CultureInfo.InvariantCulture), 58_000, 62_000);
        Assert.Equal("24000", await controller.AnswerAsync("MEAS:SUPPLY?"));
        Assert.Equal("1", await controller.AnswerAsync("INP:HOME?"));
        simulated.Bench.CutMains();
        await stand.DelayAsync(0.1);
        Assert.InRange(int.Parse(await controller.AnswerAsync("MEAS:SUPPLY?"), CultureInfo.InvariantCulture), 20_000, 23_900);
        await Teardown.LeaveSafeAsync(stand);
        await stand.DelayAsync(0.6);
        Assert.Equal("0", await controller.AnswerAsync("MEAS:RATE?"));
        Assert.Equal("0", await controller.AnswerAsync("MEAS:SUPPLY?"));
    });

    /// <summary>A line with a controller at its end; answers one command otherwise, or never.</summary>
    private sealed class ControllerLine(ScpiController controller, string? command = null, string? answer = "") : ITransport
    {
        private readonly Channel<byte> answers = Channel.CreateUnbounded<byte>();

        private long latest;

        public string Name => "bench:";

        public Func<long>? Heard { get; init; }

        public long LongestSilenceMicroseconds { get; private set; }

        public int Commands { get; private set; }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            // In small pieces, as a line delivers them.
            await answers.Reader.WaitToReadAsync(cancellationToken);
            int read = 0;
            while (read < Math.Min(buffer.Length, 7) && answers.Reader.TryRead(out byte value))
            {
                buffer.Span[read++] = value;
            }

            return read;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            Commands++;
            if (Heard?.Invoke() is { } now)
            {
                LongestSilenceMicroseconds = Math.Max(LongestSilenceMicroseconds, now - latest);
                latest = now;
            }

            string asked = Encoding.ASCII.GetString(bytes.Span).TrimEnd('\n');
            if ((asked == command ? answer : await controller.AnswerAsync(asked, cancellationToken)) is { } told)
            {
                foreach (byte value in Encoding.ASCII.GetBytes(told + "\r\n"))
                {
                    answers.Writer.TryWrite(value);
                }
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class StillBench : IBench
    {
        public BenchIdentity Identity { get; } = new("Somebody,still bench,7,1", new DateOnly(2026, 11, 2), 2.5);

        public Task<BenchReading> ReadAsync(CancellationToken ct = default) => Task.FromResult(new BenchReading(1, -1000, 0, 0, true));

        public Task<long> SwitchAsync(BenchSwitch which, bool isOn, CancellationToken ct = default) => Task.FromResult(1L);

        public Task ClearAsync(CancellationToken ct = default) => Task.CompletedTask;

        public Task<IReadOnlyList<BenchStroke>> StrokesAsync(CancellationToken ct = default) => Task.FromResult<IReadOnlyList<BenchStroke>>([]);

        public Task<BenchExtremes> ExtremesAsync(CancellationToken ct = default) => Task.FromResult(new BenchExtremes(-1000, null, null));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
