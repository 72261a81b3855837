// Tests of the record run on both engines: a class on SQLite, and one that is derived from it and named …OnPostgres. Where
// no server can be started the latter are skipped, with the reason.

using Xunit.Abstractions;
using Xunit.Sdk;

namespace Microneedling.Sessions.Tests;

/// <summary>A test that runs on both engines.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Microneedling.Sessions.Tests.RecordFactDiscoverer", "Microneedling.Sessions.Tests")]
public sealed class RecordFactAttribute : FactAttribute;

/// <summary>A test with data that runs on both engines.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Microneedling.Sessions.Tests.RecordTheoryDiscoverer", "Microneedling.Sessions.Tests")]
public sealed class RecordTheoryAttribute : TheoryAttribute;

/// <summary>A test of what only the file has, though its class runs on both engines.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Microneedling.Sessions.Tests.FileFactDiscoverer", "Microneedling.Sessions.Tests")]
public sealed class FileFactAttribute : FactAttribute;

/// <summary>A test of the server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerFactAttribute : FactAttribute
{
    public ServerFactAttribute() => Skip = PostgresServer.Absence;
}

/// <summary>A test of the server, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    public ServerTheoryAttribute() => Skip = PostgresServer.Absence;
}

public sealed class RecordFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Engine.IsServer(testMethod) && PostgresServer.Absence is not null
            ? new SkippedTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

public sealed class RecordTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        Engine.IsServer(testMethod) && PostgresServer.Absence is { } absence
            ? CreateTestCasesForSkip(discoveryOptions, testMethod, theoryAttribute, absence)
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

public sealed class FileFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Engine.IsServer(testMethod) ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
}

public sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("Called by the de-serializer only.")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod)
        : base(messages, display, options, testMethod)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => PostgresServer.Absence!;
}

internal static class Engine
{
    public static bool IsServer(ITestMethod method) => method.TestClass.Class.Name.EndsWith("OnPostgres", StringComparison.Ordinal);
}
