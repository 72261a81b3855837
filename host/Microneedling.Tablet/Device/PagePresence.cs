namespace Microneedling.Tablet.Device;

/// <summary>
/// Decides whether somebody is at the page that controls the device. A page counts as present while its live stream is
/// open and it has reported within <see cref="Patience"/>. Exactly one page controls: the one that homed or armed last.
/// </summary>
public sealed class PagePresence(TimeProvider time)
{
    /// <summary>Silence after which a page counts as gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Page> _pages = [];
    private string? _controller;

    /// <summary>The page in control, or null before the first.</summary>
    public string? Controller
    {
        get
        {
            lock (_gate)
            {
                return _controller;
            }
        }
    }

    /// <summary>Whether the page in control is present.</summary>
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

    /// <summary>A page has opened its live stream. Dispose when the stream ends.</summary>
    public IDisposable Watch(string pageId)
    {
        lock (_gate)
        {
            var page = _pages.TryGetValue(pageId, out var known) ? known : _pages[pageId] = new Page();
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

    /// <summary>Gives control to a page. False when it has no live stream.</summary>
    public bool TakeControl(string pageId)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(pageId, out var page))
            {
                return false;
            }

            page.Seen = time.GetTimestamp();
            _controller = pageId;
            return true;
        }
    }

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

    private sealed class Page
    {
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
