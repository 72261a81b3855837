using System;
using System.IO;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Small files on the board's flash drive, and the only code that touches it. Slow (a write takes tens of
    /// milliseconds): never called inside a tick. A failure of the drive is an outcome, not an exception.
    /// </summary>
    public static class FlashFiles
    {
        /// <summary>Reads a file's beginning; how many bytes, or -1 when there is no such file or it cannot be read.</summary>
        public static int Read(string path, byte[] buffer)
        {
            try
            {
                if (!File.Exists(path))
                {
                    return -1;
                }

                using (FileStream file = new FileStream(path, FileMode.Open, FileAccess.Read))
                {
                    int wanted = file.Length < buffer.Length ? (int)file.Length : buffer.Length;
                    return file.Read(buffer, 0, wanted);
                }
            }
            catch (Exception)
            {
                return -1;
            }
        }

        /// <summary>Writes a file anew; false when it could not be written.</summary>
        public static bool Write(string path, byte[] buffer)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.Create, FileAccess.Write))
                {
                    file.Write(buffer, 0, buffer.Length);
                    file.Flush();
                }

                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }
    }
}
