using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microneedling.Client.Transports.Native;

namespace Microneedling.Client.Transports;

/// <summary>The group that a file belongs to. Linux alone tells here.</summary>
/// <param name="Id">Its number; 0 is the administrator's.</param>
/// <param name="Name">Its name, or its number where it has none.</param>
/// <param name="MayUse">Whether its members may read and write the file.</param>
internal sealed record FileGroup(uint Id, string Name, bool MayUse)
{
    private const UnixFileMode GroupUse = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The file's group, or null where it cannot be known.</summary>
    public static FileGroup? Of(string path)
    {
        Span<byte> status = stackalloc byte[Posix.StatusSize];
        try
        {
            if (!OperatingSystem.IsLinux() || Posix.GetStatus(Posix.CurrentDirectory, path, 0, Posix.StatusOfGroup, status) < 0)
            {
                return null;
            }

            uint id = BinaryPrimitives.ReadUInt32LittleEndian(status[Posix.StatusGroupOffset..]);
            return new FileGroup(id, NameOf(id), (File.GetUnixFileMode(PortHolder.Resolve(path)) & GroupUse) == GroupUse);
        }
        catch (EntryPointNotFoundException)
        {
            // C libraries from before 2018.
            return null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string NameOf(uint id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        string[]? entry = File.ReadLines("/etc/group").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number);
        return entry?[0] ?? number;
    }
}
