// The classes that stand in front of .NET's own in the hosted firmware: they act on the board, and offer nothing that the
// device's classes have not.

using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class HostedFileTests
{
    private const string Path = @"I:\a.bin";

    private const string HostedNamespace = "Microneedling.Firmware";

    private static Assembly Hosted => typeof(Firmware.Program).Assembly;

    /// <summary>The device's classes in whose place the firmware's namespace finds a stand-in.</summary>
    public static TheoryData<string> DeviceClasses => [.. Found().Select(found => found.DeviceClass)];

    [Fact]
    public void File_and_file_stream_of_the_hosted_firmware_are_on_the_boards_flash()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            Assert.False((bool)File("Exists")!);
            using (IDisposable writing = Stream(FileMode.Create, FileAccess.Write))
            {
                Call(writing, "Write", new byte[] { 1, 2, 3 }, 0, 3);
                Call(writing, "Flush");
                Call(writing, "Close");
            }

            Assert.True((bool)File("Exists")!);
            byte[] read = new byte[4];
            using (IDisposable reading = Stream(FileMode.Open, FileAccess.Read))
            {
                Assert.Equal(3L, reading.GetType().GetProperty("Length")!.GetValue(reading));
                Assert.Equal(3, Call(reading, "Read", read, 0, 4));
            }

            Assert.Equal([1, 2, 3, 0], read);
        });
        Assert.Equal([1, 2, 3], board.Flash.Snapshot()[Path]);
        board.PowerOff();

        board.RunToEnd(() =>
        {
            File("Delete");
            Assert.Throws<IOException>(() => Stream(FileMode.Open, FileAccess.Read));
        });
        Assert.Empty(board.Flash.Snapshot());
    }

    [Theory]
    [MemberData(nameof(DeviceClasses))]
    public void Every_public_method_of_a_stand_in_is_one_of_the_devices_class(string deviceClass)
    {
        HashSet<string> real = LookAlikeTests.RealMembers()[deviceClass];

        // Stream has it, and the device's FileStream is one.
        real.Add("public System.Void Dispose()");
        Type standIn = Found().Single(found => found.DeviceClass == deviceClass).StandIn;
        Assert.All(LookAlikeTests.Members(standIn), member => Assert.Contains(member, real));
    }

    [Fact]
    public void The_stand_ins_are_found() => Assert.Equal(
        ["System.IO.File", "System.IO.FileStream", "System.Random", "System.Threading.Thread"],
        Found().Select(found => found.DeviceClass).Order(StringComparer.Ordinal));

    private static IEnumerable<(Type StandIn, string DeviceClass)> Found() =>
        from type in Hosted.GetTypes()
        where type.Namespace == HostedNamespace && !type.IsNested
        from deviceClass in LookAlikeTests.RealMembers().Keys
        where deviceClass.StartsWith("System.", StringComparison.Ordinal) && deviceClass.EndsWith("." + type.Name, StringComparison.Ordinal)
        select (type, deviceClass);

    private static object? File(string method) =>
        Unwrapped(() => Hosted.GetType(HostedNamespace + ".File")!.GetMethod(method)!.Invoke(null, [Path]));

    private static IDisposable Stream(FileMode mode, FileAccess access) =>
        (IDisposable)Unwrapped(() => Activator.CreateInstance(Hosted.GetType(HostedNamespace + ".FileStream")!, Path, mode, access))!;

    private static object? Call(object stream, string method, params object[] arguments) =>
        Unwrapped(() => stream.GetType().GetMethod(method)!.Invoke(stream, arguments));

    private static object? Unwrapped(Func<object?> call)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }
}
