// When sign-ins end, by a clock that the test sets.

using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed class SignInsTests : IAsyncLifetime
{
    private const string Page = "page-1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-sign-ins-");
    private readonly SetClock _clock = new();
    private SessionStore _store = null!;
    private PeopleDirectory _people = null!;
    private SignIns _signIns = null!;
    private Person _person = null!;
    private string? _pageInMotion;

    public async Task InitializeAsync()
    {
        _store = await SessionStore.OpenAsync(Path.Combine(_folder.FullName, "record.db"));
        _people = new PeopleDirectory(_store, _clock);
        _signIns = new SignIns(_people, _clock, () => _pageInMotion);
        await _store.People.AddAsync(SignedInPerson.Owner.Actor, "Sofia", Role.Supervisor, "246810");
        _person = await _store.People.AddAsync(SignedInPerson.Owner.Actor, "Pablo", Role.Practitioner, "246810");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Touches_keep_a_sign_in_open_for_twelve_hours_and_no_longer()
    {
        var signIn = _signIns.Begin(_person);
        var pause = SignIns.LongestIdle - TimeSpan.FromMinutes(1);
        while (_clock.Now + pause < SetClock.Start + SignIns.Longest)
        {
            _clock.Now += pause;
            Assert.NotNull(await _signIns.FindAsync(signIn.Id, isTouch: true));
        }

        _clock.Now = SetClock.Start + SignIns.Longest - TimeSpan.FromSeconds(1);
        Assert.NotNull(await _signIns.FindAsync(signIn.Id, isTouch: true));
        _clock.Now = SetClock.Start + SignIns.Longest;
        Assert.Null(await _signIns.FindAsync(signIn.Id, isTouch: true));
        Assert.Equal(SignInEnd.TooLong, Assert.Single(await _signIns.SweepAsync()).Why);
        Assert.True(signIn.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Without_a_touch_it_ends_after_half_an_hour_and_a_stream_that_goes_on_is_no_touch()
    {
        var signIn = _signIns.Begin(_person);
        _clock.Now += SignIns.LongestIdle - TimeSpan.FromSeconds(1);
        Assert.NotNull(await _signIns.FindAsync(signIn.Id, isTouch: false));
        Assert.Empty(await _signIns.SweepAsync());
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Null(await _signIns.FindAsync(signIn.Id, isTouch: false));
        var (who, why) = Assert.Single(await _signIns.SweepAsync());

        Assert.Equal((_person.Id, "Pablo", SignInEnd.Idle), (who.PersonId, who.Name, why));
        Assert.Empty(await _signIns.SweepAsync());
        Assert.False(_signIns.End(signIn.Id));
    }

    [Fact]
    public async Task It_does_not_end_while_its_page_controls_a_device_in_motion_and_has_half_an_hour_after_that()
    {
        var signIn = _signIns.Begin(_person);
        var other = _signIns.Begin(_person);
        signIn.Watch(Page);
        _pageInMotion = Page;
        _clock.Now += SignIns.Longest + SignIns.LongestIdle;
        Assert.NotNull(await _signIns.FindAsync(signIn.Id, isTouch: false));
        Assert.Null(await _signIns.FindAsync(other.Id, isTouch: false));
        Assert.Single(await _signIns.SweepAsync());
        Assert.False(signIn.Ended.IsCancellationRequested);

        signIn.Watch(Page);
        signIn.Leave(Page);
        Assert.NotNull(await _signIns.FindAsync(signIn.Id, isTouch: false));
        _pageInMotion = null;
        Assert.Null(await _signIns.FindAsync(signIn.Id, isTouch: true));
    }

    [Fact]
    public async Task Whoever_may_no_longer_sign_in_is_out_even_while_the_device_moves()
    {
        var signIn = _signIns.Begin(_person);
        signIn.Watch(Page);
        _pageInMotion = Page;
        await _store.People.ChangeAsync(SignedInPerson.Owner.Actor, _person.Id, "Pablo", Role.Practitioner, isActive: false);
        _clock.Now += PeopleDirectory.Fresh;

        Assert.Null(await _signIns.FindAsync(signIn.Id, isTouch: true));
        Assert.Equal(SignInEnd.NotActive, Assert.Single(await _signIns.SweepAsync()).Why);
    }

    [Fact]
    public async Task What_another_program_changes_counts_after_two_seconds_and_a_change_here_at_once()
    {
        Assert.Equal(2, (await _people.ReadAsync()).Count);
        await _store.People.AddAsync(SignedInPerson.Owner.Actor, "Edda", Role.Engineer, "246810");
        _clock.Now += PeopleDirectory.Fresh - TimeSpan.FromMilliseconds(1);
        Assert.Equal(2, (await _people.ReadAsync()).Count);
        _clock.Now += TimeSpan.FromMilliseconds(1);
        Assert.Equal(3, (await _people.ReadAsync()).Count);
        await _store.People.AddAsync(SignedInPerson.Owner.Actor, "Emma", Role.Engineer, "246810");
        _people.Forget();
        Assert.Equal(4, (await _people.ReadAsync()).Count);
    }

    [Fact]
    public void Numbers_of_sign_ins_are_long_and_never_the_same()
    {
        string[] ids = [.. Enumerable.Range(0, 100).Select(_ => _signIns.Begin(_person).Id)];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }

    private sealed class SetClock : TimeProvider
    {
        public static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

        public DateTimeOffset Now { get; set; } = Start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
