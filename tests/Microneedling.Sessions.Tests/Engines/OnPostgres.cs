// What runs on both engines, on the second one.

using Xunit.Abstractions;

namespace Microneedling.Sessions.Tests;

public sealed class AuditTestsOnPostgres() : AuditTests(new ServerRecord());

public sealed class ClientTestsOnPostgres() : ClientTests(new ServerRecord());

public sealed class PeopleTestsOnPostgres() : PeopleTests(new ServerRecord());

public sealed class SiteTestsOnPostgres() : SiteTests(new ServerRecord());

public sealed class SessionStoreTestsOnPostgres() : SessionStoreTests(new ServerRecord());

public sealed class TreatmentTestsOnPostgres() : TreatmentTests(new ServerRecord());

public sealed class ExchangeTestsOnPostgres() : ExchangeTests(new ServerRecord());

public sealed class ErasureTestsOnPostgres() : ErasureTests(new ServerRecord());

public sealed class GroupCommitTestsOnPostgres() : GroupCommitTests(new ServerRecord());

public sealed class UpgradeTestsOnPostgres() : UpgradeTests(new ServerRecord());

public sealed class RetentionTestsOnPostgres() : RetentionTests(new ServerRecord());

public sealed class ForwardingTestsOnPostgres(ITestOutputHelper output) : ForwardingTests(output, new ServerRecord());

public sealed class RecordCopyTestsOnPostgres() : RecordCopyTests(new ServerRecord());

public sealed class CommandLineTestsOnPostgres() : CommandLineTests(new ServerRecord());
