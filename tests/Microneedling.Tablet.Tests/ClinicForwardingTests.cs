// A tablet forwards what is finished while its device rests, and says how it stands.

using Microneedling.Sessions;
using Microneedling.Tablet.Clinic;

namespace Microneedling.Tablet.Tests;

public sealed class ClinicForwardingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-");

    private string ClinicPath => Path.Combine(_folder.FullName, "clinic.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_finished_session_reaches_the_clinic()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await tablet.BeginPracticeAsync();
        await tablet.Desk.FinishAsync(tablet.Device, true, CancellationToken.None);
        using var forwarding = Forwarding(tablet, ClinicPath);

        await forwarding.StartAsync(CancellationToken.None);
        await ComesToAsync(forwarding, ForwardingState.Done);
        await forwarding.StopAsync(CancellationToken.None);

        await using var clinic = await SessionStore.OpenAsync(ClinicPath);
        Assert.Single(await clinic.ListAsync());
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
        Assert.Equal(0, (await tablet.Sessions.Recorders.ForwardedAsync()).SessionsWaiting);
    }

    [Fact]
    public async Task Nothing_is_forwarded_while_the_device_is_armed()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.ArmAsync(tablet);
        using var forwarding = Forwarding(tablet, ClinicPath);

        await forwarding.StartAsync(CancellationToken.None);
        await ComesToAsync(forwarding, ForwardingState.WaitingForRest);
        await forwarding.StopAsync(CancellationToken.None);

        Assert.False(File.Exists(ClinicPath));
    }

    [Fact]
    public async Task A_clinic_that_cannot_be_reached_is_told_and_found_again_when_asked()
    {
        await using var tablet = await RunningTablet.StartAsync();
        using var forwarding = Forwarding(tablet, Path.Combine(_folder.FullName, "later", "clinic.db"));

        await forwarding.StartAsync(CancellationToken.None);
        await ComesToAsync(forwarding, ForwardingState.Failed);
        Assert.Contains("does not exist", forwarding.Standing.Problem, StringComparison.Ordinal);
        _folder.CreateSubdirectory("later");
        forwarding.BeginNow();
        await ComesToAsync(forwarding, ForwardingState.Done);
        await forwarding.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Without_a_clinic_the_page_says_how_to_name_one()
    {
        await using var tablet = await RunningTablet.StartAsync();

        Assert.Contains("--clinic", await tablet.Http.GetStringAsync("/settings/clinic"), StringComparison.Ordinal);
    }

    private static ClinicForwarding Forwarding(RunningTablet tablet, string clinic) =>
        new(tablet.Service<TabletOptions>() with { Clinic = clinic }, tablet.Sessions, tablet.Device, TimeProvider.System);

    private static async Task ComesToAsync(ClinicForwarding forwarding, ForwardingState state)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (forwarding.Standing.State != state)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
