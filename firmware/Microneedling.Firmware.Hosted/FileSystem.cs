using System;
using System.IO;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware
{
    /// <summary>Found before .NET's own, being in the firmware's namespace: the files are on the board's flash.</summary>
    internal static class File
    {
        /// <summary>Whether a file is there.</summary>
        public static bool Exists(string path)
        {
            return FlashRuntime.Exists(path);
        }

        /// <summary>Deletes a file; without one, does nothing.</summary>
        public static void Delete(string path)
        {
            FlashRuntime.Delete(path);
        }
    }

    /// <summary>Found before .NET's own, being in the firmware's namespace: a file on the board's flash, read from its beginning or written anew.</summary>
    internal sealed class FileStream : IDisposable
    {
        private readonly FlashFile file;

        /// <summary>Open and Read, or Create and Write.</summary>
        public FileStream(string path, FileMode mode, FileAccess access)
        {
            file = FlashRuntime.Open(path, mode, access);
        }

        /// <summary>Bytes in the file.</summary>
        public long Length
        {
            get { return file.Length; }
        }

        /// <summary>Reads up to so many bytes; returns how many.</summary>
        public int Read(byte[] buffer, int offset, int count)
        {
            return file.Read(buffer, offset, count);
        }

        /// <summary>Writes bytes behind those before.</summary>
        public void Write(byte[] buffer, int offset, int count)
        {
            file.Write(buffer, offset, count);
        }

        /// <summary>Hands on what was written.</summary>
        public void Flush()
        {
            file.Flush();
        }

        /// <summary>Closes the file; what was written is then on flash.</summary>
        public void Close()
        {
            file.Close();
        }

        /// <summary>Closes the file.</summary>
        public void Dispose()
        {
            file.Close();
        }
    }
}
