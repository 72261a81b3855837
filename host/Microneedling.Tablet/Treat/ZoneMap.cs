// The drawings of the map: where each zone lies on face and body. Decides shapes only; what a zone is stands in Zones.cs,
// how it looks in treat.css. Paths are in units of a sheet of 280 × 420, seen from the front: the client's right side is at
// the left of the sheet. Only the client's right side is drawn; the left is its mirror image.

using System.Collections.Frozen;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Treat;

/// <summary>Where a zone lies on its drawing.</summary>
/// <param name="ZoneId">The zone.</param>
/// <param name="Path">Its outline.</param>
/// <param name="IsMirrored">The outline is that of the other side and is shown mirrored.</param>
/// <param name="LabelX">Where its number stands, horizontally; as shown.</param>
/// <param name="LabelY">The same, vertically.</param>
/// <param name="Touch">Larger rectangle that also takes a touch, as shown: x, y, width, height; null: the outline is large enough.</param>
public sealed record ZoneShape(string ZoneId, string Path, bool IsMirrored, int LabelX, int LabelY, (int X, int Y, int Width, int Height)? Touch);

/// <summary>How a zone is shown on a map that nobody presses: of a session that is over.</summary>
/// <param name="Number">Punctures per cm², or empty: not treated.</param>
/// <param name="Words">The same in words, for a tip and for screen readers.</param>
public sealed record ZoneMark(string Number, string Words);

/// <summary>A drawing to be shown by <c>Pages/Shared/_Map.cshtml</c>.</summary>
/// <param name="View">Which one.</param>
/// <param name="Marks">Zones with marks, by zone.</param>
/// <param name="IsLive">Zones can be chosen, and the Treat page's script keeps the marks.</param>
public sealed record ZoneDrawing(MapView View, IReadOnlyDictionary<string, ZoneMark> Marks, bool IsLive = false);

/// <summary>The shapes of all zones, and the lines drawn around them.</summary>
public static class ZoneMap
{
    /// <summary>Width of the sheet.</summary>
    public const int Width = 280;

    /// <summary>Height of the sheet.</summary>
    public const int Height = 420;

    /// <summary>Transformation that mirrors an outline.</summary>
    public const string Mirror = "matrix(-1 0 0 1 280 0)";

    private static readonly FrozenDictionary<string, ZoneShape> Shapes = ((ZoneShape[])
    [
        Whole("forehead", 140, 84, "M80 107C77 88 87 66 107 57C127 50 153 50 173 57C193 66 203 88 200 107C184 99 168 99 156 105L124 105C112 99 96 99 80 107Z"),
        .. Both("temple", 65, 146, "M76 111C63 114 54 124 54 140C54 156 55 167 59 177L76 168C73 150 73 130 76 111Z", (32, 106, 45, 70)),
        .. Both("cheek", 88, 214, "M60 181L78 171C87 180 106 184 119 175C120 181 115 187 113 195C111 205 114 212 109 219C103 227 99 238 101 249C100 256 98 261 95 266C82 250 72 233 67 218C63 205 61 193 60 181Z"),
        Whole("nose", 140, 196, "M131 142L149 142C150 161 153 177 160 190C166 200 160 210 152 210C146 214 134 214 128 210C120 210 114 200 120 190C127 177 130 161 131 142Z"),
        Whole("perioral", 140, 228, "M113 220C122 216 131 216 140 218C149 216 158 216 167 220C174 228 176 239 172 250C163 257 152 256 140 256C128 256 117 257 108 250C104 239 106 228 113 220Z"),
        Whole("chin", 140, 283, "M106 255C118 262 130 261 140 261C150 261 162 262 174 255C176 261 178 265 181 268C170 285 156 297 140 297C124 297 110 285 99 268C103 264 105 260 106 255Z"),
        Whole("submandibular", 140, 322, "M97 285C110 301 126 309 140 309C154 309 170 301 183 285L184 309C170 324 154 329 140 329C126 329 110 324 96 309Z", (88, 299, 104, 33)),
        Whole("neck", 140, 362, "M96 315C112 330 128 334 140 334C152 334 168 330 184 315C184 338 187 354 201 367C181 379 160 384 140 384C120 384 99 379 79 367C93 354 96 338 96 315Z"),
        .. Both("periorbital", 104, 171, "M79 150C80 128 92 122 104 122C118 122 128 132 128 150C126 168 114 176 104 176C92 176 80 168 79 150Z", (78, 120, 51, 57)),
        .. Both("eyelid", 104, 150, "M84 149C91 133 116 131 124 149C116 160 92 162 84 149Z", (82, 132, 44, 30)),
        Whole("glabella", 140, 128, "M125 108L155 108C153 120 151 128 149 139L131 139C129 128 127 120 125 108Z", (122, 98, 36, 44)),
        Whole("scalp", 140, 24, "M111 46C108 22 121 9 140 9C159 9 172 22 169 46C164 32 153 28 140 28C127 28 116 32 111 46Z", (102, 0, 76, 50)),
        Whole("decollete", 140, 117, "M106 100C120 97 131 91 140 91C149 91 160 97 174 100C178 108 178 116 174 122C162 134 150 139 140 139C130 139 118 134 106 122C102 116 102 108 106 100Z"),
        Whole("abdomen", 140, 210, "M106 178C118 174 162 174 174 178C175 193 178 210 180 223C166 236 152 240 140 240C128 240 114 236 100 223C102 210 105 193 106 178Z"),
        .. Both("hand", 54, 254, "M51 233L67 238C67 248 67 258 63 266C57 277 46 275 43 264C41 252 45 241 51 233Z", (16, 222, 74, 62)),
        .. Both("thigh", 115, 288, "M95 239C107 248 122 253 134 255C134 279 133 300 131 320L105 320C98 295 94 266 95 239Z"),
    ]).ToFrozenDictionary(shape => shape.ZoneId);

    /// <summary>The shapes of one drawing. Those drawn later lie above the earlier ones.</summary>
    public static IReadOnlyList<ZoneShape> Of(MapView view) =>
        [.. Zones.All.Where(zone => zone.View == view).Select(zone => Shapes[zone.Id]).OrderBy(shape => shape.Touch is not null).ThenBy(shape => IsSmall(shape.ZoneId))];

    /// <summary>The outline of the person, behind the zones.</summary>
    public static IReadOnlyList<string> Outline(MapView view) => view == MapView.Face ? FaceOutline : BodyOutline;

    /// <summary>Lines above the zones that make the drawing readable: brows, eyes, lips. Each also as its mirror image.</summary>
    public static IReadOnlyList<string> Features(MapView view) => view == MapView.Face ? FaceFeatures : [];

    private static readonly string[] FaceOutline =
    [
        "M94 268C96 310 96 340 80 358C60 376 30 380 10 404L10 420L270 420L270 404C250 380 220 376 200 358C184 340 184 310 186 268Z",
        "M50 132C38 126 34 138 38 156C41 172 46 184 55 186Z",
        "M230 132C242 126 246 138 242 156C239 172 234 184 225 186Z",
        "M140 12C196 12 232 56 232 122C232 160 228 190 214 226C202 258 172 302 140 302C108 302 78 258 66 226C52 190 48 160 48 122C48 56 84 12 140 12Z",
    ];

    private static readonly string[] FaceFeatures =
    [
        "M82 119C92 110 110 109 123 115",
        "M84 149C94 155 114 155 124 149",
        "M121 204C126 202 129 205 131 208",
        "M114 238C126 234 133 232 140 235M114 238C126 240 133 240 140 240M114 238C124 248 132 250 140 250",
    ];

    private static readonly string[] BodyOutline =
    [
        "M128 62L128 80C126 88 112 92 98 96C84 100 78 112 76 128C72 152 66 178 60 202C57 214 53 224 51 233C45 241 41 252 43 264C46 275 57 277 63 266C67 258 67 248 67 238C73 216 83 192 90 168L95 146C98 164 100 176 99 190C97 206 93 220 92 236C90 270 96 300 104 330C107 356 108 380 109 394C103 403 99 410 104 414L127 414C130 405 130 398 130 390C132 360 134 330 135 300L139 254"
            + "L141 254L145 300C146 330 148 360 150 390C150 398 150 405 153 414L176 414C181 410 177 403 171 394C172 380 173 356 176 330C184 300 190 270 188 236C187 220 183 206 181 190C180 176 182 164 185 146L190 168C197 192 207 216 213 238C213 248 213 258 217 266C223 277 234 275 237 264C239 252 235 241 229 233C227 224 223 214 220 202C214 178 208 152 204 128C202 112 196 100 182 96C168 92 154 88 152 80L152 62Z",
        "M140 9C159 9 170 22 169 44C168 60 156 76 140 76C124 76 112 60 111 44C110 22 121 9 140 9Z",
    ];

    private static ZoneShape Whole(string zoneId, int labelX, int labelY, string path, (int, int, int, int)? touch = null) =>
        new(zoneId, path, IsMirrored: false, labelX, labelY, touch);

    private static ZoneShape[] Both(string name, int labelX, int labelY, string path, (int X, int Y, int Width, int Height)? touch = null) =>
    [
        new($"{name}-right", path, IsMirrored: false, labelX, labelY, touch),
        new($"{name}-left", path, IsMirrored: true, Width - labelX, labelY, touch is { } area ? area with { X = Width - area.X - area.Width } : null),
    ];

    private static bool IsSmall(string zoneId) => zoneId.StartsWith("eyelid", StringComparison.Ordinal) || zoneId == "glabella";
}
