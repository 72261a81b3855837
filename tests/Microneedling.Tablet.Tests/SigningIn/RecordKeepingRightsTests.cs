// Who may take sessions in, erase clients, and see what keeping the record needs.

using System.Net;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed class RecordKeepingRightsTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    [Theory]
    [InlineData(Role.Practitioner, "/sessions/import", false)]
    [InlineData(Role.Supervisor, "/sessions/import", true)]
    [InlineData(Role.Practitioner, "/settings/privacy", false)]
    [InlineData(Role.Supervisor, "/settings/privacy", true)]
    [InlineData(Role.Practitioner, "/clients/abc/erase", false)]
    [InlineData(Role.Practitioner, "/settings/clinic", false)]
    [InlineData(Role.Engineer, "/settings/clinic", true)]
    [InlineData(Role.Supervisor, "/settings/clinic", true)]
    public async Task The_record_is_kept_by_those_who_answer_for_it(Role role, string path, bool mayOpen)
    {
        using var visitor = await staffed.ArriveAsync(role);
        using var response = await visitor.GetAsync(path);

        Assert.Equal(mayOpen ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }
}
