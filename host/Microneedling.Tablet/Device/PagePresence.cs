namespace Microneedling.Tablet.Device;

/// <summary>
/// Decides which page controls the device, and whether somebody is at it. One page controls: the first that acts. It
/// keeps control until it is closed or hidden, or hands it over; another page can only ask. While the device moves, the
/// page in control must report: it counts as absent after <see cref="Patience"/> of silence.
/// </summary>
public sealed class PagePresence(TimeProvider time)
{
    /// <summary>Silence after which a page counts as gone while the device moves.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Page> _pages = [];
    private string? _controller;
    private string? _asking;

    /// <summary>Who controls and who asks to; of pages that are gone, nothing.</summary>
    public ControlView Control
    {
        get
        {
            lock (_gate)
            {
                return new ControlView(Present(_controller), PersonAt(_controller), Present(_asking), PersonAt(_asking));
            }
        }
    }

    /// <summary>Whether the page in control is there and has reported in time.</summary>
    public bool ControllerIsPresent
    {
        get
        {
            lock (_gate)
            {
                return _controller is { } id && _pages.TryGetValue(id, out var page) && time.GetElapsedTime(page.Seen) <= Patience;
            }
        }
    }

    /// <summary>Whether that page controls, or nobody does.</summary>
    public bool MayControl(string pageId)
    {
        lock (_gate)
        {
            return _controller == pageId || Present(_controller) is null;
        }
    }

    /// <summary>A page has opened its live stream. Dispose when the stream ends.</summary>
    public IDisposable Watch(string pageId, string person)
    {
        lock (_gate)
        {
            var page = _pages.TryGetValue(pageId, out var known) ? known : _pages[pageId] = new Page(person);
            page.Streams++;
            page.Seen = time.GetTimestamp();
        }

        return new Watching(this, pageId);
    }

    /// <summary>A page has reported. False when it has no live stream: such a page cannot see what it does.</summary>
    public bool Report(string pageId)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(pageId, out var page))
            {
                return false;
            }

            page.Seen = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Gives control to a page that acts. False when another page controls, or when this one has no live stream.</summary>
    public bool TakeControl(string pageId)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(pageId, out var page) || (_controller != pageId && Present(_controller) is not null))
            {
                return false;
            }

            page.Seen = time.GetTimestamp();
            (_controller, _asking) = (pageId, _asking == pageId ? null : _asking);
            return true;
        }
    }

    /// <summary>A page asks for control: it gets it at once when nobody has it. False when it has no live stream.</summary>
    public bool Ask(string pageId)
    {
        lock (_gate)
        {
            if (TakeControl(pageId))
            {
                return true;
            }

            if (Present(pageId) is null)
            {
                return false;
            }

            _asking = pageId;
            return true;
        }
    }

    /// <summary>The page in control hands over to one that asks. False when it does not control, or that one is gone.</summary>
    public bool Give(string pageId, string to)
    {
        lock (_gate)
        {
            if (_controller != pageId || _asking != to || !_pages.TryGetValue(to, out var page))
            {
                return false;
            }

            page.Seen = time.GetTimestamp();
            (_controller, _asking) = (to, null);
            return true;
        }
    }

    /// <summary>The page in control keeps it. False when it does not control.</summary>
    public bool Keep(string pageId)
    {
        lock (_gate)
        {
            _asking = _controller == pageId ? null : _asking;
            return _controller == pageId;
        }
    }

    private string? Present(string? pageId) => pageId is not null && _pages.ContainsKey(pageId) ? pageId : null;

    private string? PersonAt(string? pageId) => pageId is not null && _pages.TryGetValue(pageId, out var page) ? page.Person : null;

    private void Leave(string pageId)
    {
        lock (_gate)
        {
            if (_pages.TryGetValue(pageId, out var page) && --page.Streams == 0)
            {
                _pages.Remove(pageId);
            }
        }
    }

    private sealed class Page(string person)
    {
        public string Person { get; } = person;

        public int Streams { get; set; }

        public long Seen { get; set; }
    }

    private sealed class Watching(PagePresence presence, string pageId) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                presence.Leave(pageId);
            }
        }
    }
}
