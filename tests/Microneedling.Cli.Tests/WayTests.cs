// Which device is meant, and what happens to a line that cannot be followed.

namespace Microneedling.Cli.Tests;

public sealed class WayTests
{
    [Fact]
    public async Task Without_a_device_it_is_said_what_was_found_and_what_to_type()
    {
        using var told = await Typed.RunAsync(2, "info --json");

        Assert.Contains("No device was found.", told.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("--device serial:/dev/ttyUSB0", told.Errors.Text, StringComparison.Ordinal);
        Assert.Equal(2, told.Json.GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("--device nonsense", "should begin with how to reach it")]
    [InlineData("--device tcp://127.0.0.1:1", "Nothing listens at port 1")]
    [InlineData("--device serial:/dev/none", "There is no serial port")]
    [InlineData("--device device:12345", "12345")]
    [InlineData("--device tcp://127.0.0.1:1 --no-cartridge", "for --device sim: only")]
    public async Task An_address_that_leads_nowhere_is_told_in_words(string options, string words)
    {
        using var told = await Typed.RunAsync(2, "info " + options);

        Assert.Contains(words, told.Errors.Text, StringComparison.Ordinal);
        Assert.Empty(told.Output.Text);
    }

    [Theory]
    [InlineData("dance", "dance")]
    [InlineData("configure --device sim: --depth deep --rate 60", "--depth needs millimetres such as 0.50, not deep.")]
    [InlineData("configure --device sim: --depth 0,5 --rate 60", "--depth needs millimetres")]
    [InlineData("configure --device sim: --depth 0.5 --rate NaN", "--rate needs strokes per second")]
    [InlineData("configure --device sim: --rate 60", "--depth")]
    [InlineData("run --device sim: --depth 0.5 --rate 60 --strokes 0", "--strokes needs a number from 1")]
    [InlineData("run --device sim: --depth 0.5 --rate 60 --burst 501", "--burst needs a number from 1 to 500")]
    [InlineData("monitor --for -1", "--for needs seconds")]
    [InlineData("settings set --device sim:", "Say what to set")]
    [InlineData("jog --device sim: --no-cartridge far", "'far' is no distance")]
    public async Task Bad_input_gets_an_error_that_says_what_to_give(string line, string words)
    {
        using var told = await Typed.RunAsync(2, line);

        Assert.Contains(words, told.Errors.Text, StringComparison.Ordinal);
        Assert.Empty(told.Output.Text);
    }

    [Fact]
    public async Task The_help_has_the_exit_codes()
    {
        using var told = await Typed.RunAsync(0, "--help");

        Assert.Contains("130  ended by Ctrl-C", told.Output.Text, StringComparison.Ordinal);
        Assert.Contains("simulate", told.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_without_any_port_says_what_to_type()
    {
        using var told = await Typed.RunAsync(2, "stop");

        Assert.Contains("--device ADDRESS", told.Errors.Text, StringComparison.Ordinal);
    }
}
