using System.Reflection;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;
using Microneedling.Testing;

namespace Microneedling.Client.Tests.ProtocolDocument;

/// <summary>
/// The tables and examples of shared/PROTOCOL.md are those of the definitions. MICRONEEDLING_UPDATE_PICTURES=1 writes them
/// anew. What only the firmware can tell (which command is taken when) is looked after by its own tests.
/// </summary>
public class ProtocolDocumentTests
{
    private const string Document = "shared/PROTOCOL.md";

    public static TheoryData<string> Names => [.. Made.Keys];

    private static Dictionary<string, Func<string>> Made { get; } = new()
    {
        ["framing"] = Parts.Framing,
        ["check values"] = Parts.CheckValues,
        ["messages"] = Parts.Overview,
        ["layouts"] = Parts.Layouts,
        ["numbers"] = Parts.Numbers,
        ["limits"] = Parts.LimitTable,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Part_is_what_the_definitions_say(string name)
    {
        string? wrong = GeneratedPart.WhatIsWrong(Document, name, Made[name]());
        Assert.True(wrong is null, wrong);
    }

    [Fact]
    public void Document_says_which_version_it_describes() => Assert.Contains(
        $"version {ProtocolVersion.Major}.{ProtocolVersion.Minor}", File.ReadAllText(GeneratedPart.PathOf(Document)), StringComparison.Ordinal);

    [Fact]
    public void What_came_after_1_0_says_since_when()
    {
        foreach (FieldLayout field in MessageLayout.All.SelectMany(layout => layout.Fields))
        {
            Assert.True(
                field.IsAppended == (DocComments.SinceMinor(DocComments.Of(field.Field)) > 0),
                $"{field.Field.DeclaringType!.Name}.{field.Name}: its place in the payload and 'Since 1.x.' in its comment contradict each other.");
        }
    }

    /// <summary>"The X." or "Bits of X.": then the number is to be shown by those names.</summary>
    [Fact]
    public void Fields_that_are_said_to_hold_an_enumeration_or_bits_are_shown_by_its_names()
    {
        foreach (FieldLayout field in MessageLayout.All.SelectMany(layout => layout.Fields))
        {
            string words = DocComments.Of(field.Field);
            string? named = DocComments.TypesNamedBy(field.Field).FirstOrDefault(IsEnumerationOrBits);
            bool isMeant = words.StartsWith("The ", StringComparison.Ordinal) || words.StartsWith("Bits of ", StringComparison.Ordinal);
            Assert.Equal(isMeant ? named : null, field.Meaning?.Name);
        }
    }

    [Fact]
    public void Nothing_is_said_to_be_newer_than_the_protocol()
    {
        IEnumerable<FieldInfo> numbers = new[] { typeof(MessageId), typeof(RejectionReason), typeof(FaultCode), typeof(EventCode) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static));
        Assert.All(
            numbers.Concat(MessageLayout.All.SelectMany(layout => layout.Fields).Select(field => field.Field)),
            field => Assert.InRange(DocComments.SinceMinor(DocComments.Of(field)), 0, ProtocolVersion.Minor));
    }

    private static bool IsEnumerationOrBits(string name) =>
        typeof(Message).Assembly.GetType($"{typeof(Message).Namespace}.{name}") is { } type && (type.IsEnum || (type.IsAbstract && type.IsSealed));
}
