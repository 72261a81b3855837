// Who may see sessions, and who may serve the device.

using System.Net;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed class RecordAndDeviceRightsTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    [Theory]
    [InlineData(Role.Practitioner, "/sessions", true)]
    [InlineData(Role.Engineer, "/sessions", false)]
    [InlineData(Role.Engineer, "/sessions/1/print", false)]
    [InlineData(Role.Engineer, "/sessions/1/export.json", false)]
    [InlineData(Role.Engineer, "/sessions/1/tables.zip", false)]
    [InlineData(Role.Engineer, "/api/sessions/1/timeline", false)]
    [InlineData(Role.Practitioner, "/device", true)]
    [InlineData(Role.Practitioner, "/device/connection", false)]
    [InlineData(Role.Supervisor, "/device/calibrate", false)]
    [InlineData(Role.Practitioner, "/api/calibration", false)]
    [InlineData(Role.Engineer, "/device/connection", true)]
    [InlineData(Role.Engineer, "/device/calibrate", true)]
    [InlineData(Role.Engineer, "/api/calibration", true)]
    public async Task Sessions_are_for_those_who_keep_clients_and_service_is_for_engineers(Role role, string path, bool mayOpen)
    {
        using var visitor = await staffed.ArriveAsync(role);
        using var response = await visitor.GetAsync(path);

        Assert.Equal(mayOpen ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData(Role.Practitioner, false)]
    [InlineData(Role.Engineer, true)]
    public async Task The_device_page_offers_service_only_to_those_who_may(Role role, bool isOffered)
    {
        using var visitor = await staffed.ArriveAsync(role);
        string html = await visitor.ReadAsync("/device");

        Assert.Equal(isOffered, html.Contains("/device/connection", StringComparison.Ordinal));
        Assert.Equal(isOffered, html.Contains("id=\"self-test\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_engineer_connects_by_the_form_and_is_refused_in_words_with_what_was_typed()
    {
        using var visitor = await staffed.ArriveAsync(Role.Engineer);
        using var response = await visitor.SubmitAsync("/device/connection", "/device/connection?handler=Use", ("Address", "nowhere"));
        string html = await response.Content.ReadAsStringAsync();

        Assert.Contains("This is not the address of a device.", html, StringComparison.Ordinal);
        Assert.Contains("value=\"nowhere\"", html, StringComparison.Ordinal);
        Assert.True(staffed.Tablet.Device.IsSimulated);
    }
}
