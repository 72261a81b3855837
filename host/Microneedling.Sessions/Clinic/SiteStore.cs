namespace Microneedling.Sessions.Clinic;

/// <summary>
/// What the site has laid down: checklist, depth caps, presets. Versions are only added. A new record begins with the
/// built-in ones, version 1.
/// </summary>
public sealed class SiteStore(SessionStore store)
{
    /// <summary>The checklist in force.</summary>
    public Task<Checklist> ChecklistAsync(CancellationToken ct = default) => store.Missing<Checklist>(ct);

    /// <summary>A checklist's version, or null.</summary>
    public Task<Checklist?> ChecklistAsync(int version, CancellationToken ct = default) => store.Missing<Checklist?>(ct);

    /// <summary>Lays down the next version of the checklist.</summary>
    /// <exception cref="RecordRefusedException">It has no item, two with one id, or one without a question.</exception>
    public Task<Checklist> SetChecklistAsync(Actor who, IReadOnlyList<ChecklistItem> items, CancellationToken ct = default) => store.Missing<Checklist>(ct);

    /// <summary>The caps in force.</summary>
    public Task<DepthCaps> CapsAsync(CancellationToken ct = default) => store.Missing<DepthCaps>(ct);

    /// <summary>Lays down the next version of the caps; version, time and person of what is given are not read.</summary>
    /// <exception cref="RecordRefusedException">A cap is outside 0.10 … 2.50 mm, off the grain of 0.05 mm, or a role's without an unlock above 1.50 mm.</exception>
    public Task<DepthCaps> SetCapsAsync(Actor who, DepthCaps caps, CancellationToken ct = default) => store.Missing<DepthCaps>(ct);

    /// <summary>The latest version of every preset, by name; retired ones too.</summary>
    public Task<IReadOnlyList<Preset>> PresetsAsync(CancellationToken ct = default) => store.Missing<IReadOnlyList<Preset>>(ct);

    /// <summary>All versions of a preset, newest first; none: there is no such preset.</summary>
    public Task<IReadOnlyList<Preset>> PresetVersionsAsync(string key, CancellationToken ct = default) => store.Missing<IReadOnlyList<Preset>>(ct);

    /// <summary>
    /// Adds a preset (empty key), or the next version of one. Version, time and person of what is given are not read.
    /// </summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Preset> SetPresetAsync(Actor who, Preset preset, CancellationToken ct = default) => store.Missing<Preset>(ct);
}
