// The canonical form, byte by byte: what hardware-docs/record-proof.md says is what the program does.

using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Tests;

public sealed class CanonicalFormTests
{
    private const string Key = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void The_worked_example_of_the_document_is_what_the_program_does()
    {
        var document = File.ReadAllText(Document());
        AuditRow entry = new()
        {
            AtUtc = new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero).AddTicks(1_234_569),
            ByName = "Zoë \"Z\" Okafor",
            Action = "consent.given",
            Subject = "client:b3k5",
            Details = "consent:1\nnoted",
        };
        LinkRow link = new() { Number = 1, AtUtc = entry.AtUtc, Kind = LinkKind.AuditEntry, SubjectId = 1, ContentHash = Canonical.Hash(entry) };
        string[] lines = [.. Regex.Matches(document, @"^\[.*\]$", RegexOptions.Multiline).Select(match => match.Value)];

        Assert.Equal(3, lines.Length);
        Assert.Equal(Hash(lines[0]), Hex(Canonical.Beginning(Key)));
        Assert.Equal(Hash(lines[1]), Hex(link.ContentHash));
        Assert.Equal(Hash(lines[2]), Hex(Canonical.Link(link, Canonical.Beginning(Key))));
        Assert.All(lines, line => Assert.Contains(Hash(line), document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_character_is_written_as_JSON_writes_it_at_its_shortest()
    {
        var all = string.Concat(Enumerable.Range(0, 0x250).Select(code => (char)code)) + "\u2028€漢😀";
        var written = Encoding.UTF8.GetString(new CanonicalWriter().Line("x").Add(all).End().Written);

        Assert.Equal(all, System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(written)[1].GetString());
        Assert.StartsWith(@"[""x"",""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e", written, StringComparison.Ordinal);
        Assert.Contains(@" !\""#", written, StringComparison.Ordinal);
        Assert.Contains(@"[\\]", written, StringComparison.Ordinal);
        Assert.EndsWith("\u2028€漢😀\"]\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_flags_times_days_hashes_and_nothing_have_one_form_each()
    {
        var written = new CanonicalWriter().Line("x")
            .Add(long.MinValue).Add(0).Add((long?)null).Add(true).Add(false).Add((string?)null).Add("")
            .Add(new DateTimeOffset(2026, 3, 14, 11, 26, 53, TimeSpan.FromHours(2)).AddTicks(19)).Add((DateTimeOffset?)null)
            .Add(new DateOnly(2026, 12, 31)).Add((DateOnly?)null).Add([0x00, 0xAB]).End().Written;

        Assert.Equal(
            "[\"x\",-9223372036854775808,0,null,true,false,null,\"\",\"2026-03-14T09:26:53.000001Z\",null,\"2026-12-31\",null,\"00ab\"]\n",
            Encoding.UTF8.GetString(written));
    }

    [Theory]
    [InlineData("Thick scar.", "Thick scar.", true)]
    [InlineData("Thick scar.", "Thin scar.", false)]
    [InlineData("Thick scar.", null, false)]
    [InlineData("", "", true)]
    public void A_seal_fits_its_text_alone(string sealedText, string? text, bool fits) => Assert.Equal(fits, SealedText.Fits(SealedText.Of(sealedText), text));

    [Fact]
    public void An_erased_seal_proves_what_it_proved_and_fits_no_text()
    {
        var seal = SealedText.Of("Thick scar.")!;
        var erased = SealedText.Erased(seal)!;

        Assert.Equal(SealedText.ProvenPart(seal), SealedText.ProvenPart(erased));
        Assert.True(SealedText.Fits(erased, null));
        Assert.True(SealedText.Fits(erased, ""));
        Assert.False(SealedText.Fits(erased, "Thick scar."));
        Assert.NotEqual(seal, SealedText.Of("Thick scar."));
        Assert.Null(SealedText.Of(null));
        Assert.False(SealedText.Fits("no seal", "Thick scar."));
    }

    private static string Hash(string line) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(line + "\n")));

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static string Document([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(thisFile, "../../../hardware-docs/record-proof.md"));
}
