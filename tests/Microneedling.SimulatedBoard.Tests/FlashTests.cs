// The flash file system: what survives power-off, what a cut write leaves, and how it fails.

using nanoFramework.Hardware.Esp32;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class FlashTests(ITestOutputHelper output)
{
    private const string A = @"I:\a.bin";
    private const string B = @"I:\b.bin";
    private static readonly byte[] Old = [1, 2, 3];
    private static readonly byte[] New = [11, 12, 13, 14, 15];

    [Fact]
    public void A_written_file_is_read_back_in_pieces_also_after_power_was_off()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            Assert.False(FlashRuntime.Exists(A));
            FlashFile file = FlashRuntime.Open(A, FileMode.Create, FileAccess.Write);
            Assert.True(FlashRuntime.Exists(A));
            file.Write([0, 1, 2, 3], 1, 2);
            file.Write([3, 4, 5], 0, 3);
            file.Flush();
            Assert.Equal(5, file.Length);
            file.Close();
            file.Close();
            Assert.Throws<ObjectDisposedException>(() => file.Write([1], 0, 1));
        });
        board.PowerOff();
        board.RunToEnd(() =>
        {
            FlashFile file = FlashRuntime.Open(A, FileMode.Open, FileAccess.Read);
            byte[] buffer = new byte[8];
            Assert.Equal(5, file.Length);
            Assert.Equal(3, file.Read(buffer, 1, 3));
            Assert.Equal(2, file.Read(buffer, 4, 4));
            Assert.Equal(0, file.Read(buffer, 0, 8));
            Assert.Equal([0, 1, 2, 3, 4, 5, 0, 0], buffer);
            file.Close();
        });
        Assert.Equal(1, board.Flash.WritesTo(A));
    }

    [Fact]
    public void What_is_not_there_or_not_allowed_fails_as_on_the_device()
    {
        using VirtualBoard board = new();
        board.Flash.Restore(new Dictionary<string, byte[]> { [A] = Old });
        board.RunToEnd(() =>
        {
            Assert.Throws<IOException>(() => FlashRuntime.Open(B, FileMode.Open, FileAccess.Read));
            Assert.Throws<IOException>(() => FlashRuntime.Open(@"C:\a.bin", FileMode.Create, FileAccess.Write));
            Assert.Throws<IOException>(() => FlashRuntime.Exists(@"I:\"));
            Assert.Throws<NotSupportedException>(() => FlashRuntime.Open(A, FileMode.Append, FileAccess.Write));
            Assert.Throws<NotSupportedException>(() => FlashRuntime.Open(A, FileMode.Open, FileAccess.Read).Write([1], 0, 1));
            FlashFile writing = FlashRuntime.Open(A, FileMode.Create, FileAccess.Write);
            Assert.Throws<IOException>(() => FlashRuntime.Open(A, FileMode.Open, FileAccess.Read));
            Assert.Throws<IOException>(() => FlashRuntime.Delete(A));
            Assert.Throws<NotSupportedException>(() => writing.Read(new byte[1], 0, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => writing.Write([1], 0, 2));
            writing.Close();
            FlashRuntime.Delete(B);
            FlashRuntime.Delete(A);
            Assert.False(FlashRuntime.Exists(A));
        });
        Assert.Empty(board.Flash.Snapshot());
    }

    [Fact]
    public void Files_take_the_boards_time_and_now_and_then_a_block_is_erased()
    {
        const int Seed = 2;
        output.WriteLine($"Seed {Seed}.");
        using VirtualBoard board = new(new BoardOptions { Seed = Seed });
        List<long> times = [];
        long reading = 0;
        board.RunToEnd(() =>
        {
            for (int i = 0; i < 80; i++)
            {
                long start = (long)HighResTimer.GetCurrent();
                Write(A, New);
                times.Add((long)HighResTimer.GetCurrent() - start);
            }

            long opened = (long)HighResTimer.GetCurrent();
            FlashFile file = FlashRuntime.Open(A, FileMode.Open, FileAccess.Read);
            file.Read(new byte[5], 0, 5);
            reading = (long)HighResTimer.GetCurrent() - opened;
        });

        Assert.InRange(reading, 3_000, 3_100);
        Assert.All(times, time => Assert.True(time is (>= 32_000 and < 32_200) or (>= 112_000 and < 112_200), $"{time} µs"));
        Assert.InRange(times.Count(time => time > 100_000), 3, 20);
        Assert.Equal(80, board.Flash.WritesTo(A));
    }

    [Fact]
    public void A_write_that_power_cuts_leaves_the_old_content_nothing_or_a_beginning_by_the_seed()
    {
        output.WriteLine("Seeds 0 … 199.");
        int old = 0;
        int empty = 0;
        int beginnings = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] left = LeftAfterCut(seed);
            Assert.Equal(left, LeftAfterCut(seed));
            if (left.Length > 0 && left.SequenceEqual(Old))
            {
                old++;
            }
            else if (left.Length == 0)
            {
                empty++;
            }
            else
            {
                Assert.Equal(New.Take(left.Length), left);
                beginnings++;
            }
        }

        Assert.InRange(old, 40, 95);
        Assert.InRange(empty, 40, 110);
        Assert.InRange(beginnings, 30, 80);
    }

    [Fact]
    public void Power_gone_after_close_changes_nothing_and_other_files_are_never_torn()
    {
        using VirtualBoard board = new();
        board.Flash.Restore(new Dictionary<string, byte[]> { [B] = Old });
        board.PowerOn(() =>
        {
            Write(A, New);
            FlashFile torn = FlashRuntime.Open(@"I:\c.bin", FileMode.Create, FileAccess.Write);
            torn.Write(New, 0, 5);
            FirmwareRuntime.Sleep(Timeout.Infinite);
        });
        board.Run(500_000);
        board.PowerOff();
        Assert.Equal(New, board.Flash.Snapshot()[A]);
        Assert.Equal(Old, board.Flash.Snapshot()[B]);
        Assert.Equal((1, 0, 0), (board.Flash.WritesTo(A), board.Flash.WritesTo(B), board.Flash.WritesTo(@"I:\c.bin")));
    }

    [Fact]
    public void Flash_that_takes_nothing_throws_and_leaves_other_files_alone()
    {
        using VirtualBoard board = new();
        board.Flash.Restore(new Dictionary<string, byte[]> { [A] = Old, [B] = Old });
        board.Flash.WritesFail = true;
        board.RunToEnd(() =>
        {
            Assert.Throws<IOException>(() => Write(A, New));
            Assert.Throws<IOException>(() => FlashRuntime.Open(A, FileMode.Create, FileAccess.Write).Close());
            Assert.Throws<IOException>(() => FlashRuntime.Delete(B));
            board.Flash.WritesFail = false;
            Write(A, New);
        });
        Assert.Equal(New, board.Flash.Snapshot()[A]);
        Assert.Equal(Old, board.Flash.Snapshot()[B]);
        Assert.Equal(1, board.Flash.WritesTo(A));
    }

    [Fact]
    public void A_bench_copies_corrupts_deletes_and_restores_files()
    {
        using VirtualBoard board = new(new BoardOptions { Seed = 4 });
        board.Flash.Restore(new Dictionary<string, byte[]> { [A] = Old, [B] = New });
        IReadOnlyDictionary<string, byte[]> before = board.Flash.Snapshot();
        board.Flash.Corrupt(A, 1);
        int byteIndex = board.Flash.Corrupt(B);
        board.Flash.Snapshot()[B][0] = 99;

        Assert.Equal([1, 3], [board.Flash.Snapshot()[A][0], board.Flash.Snapshot()[A][2]]);
        Assert.Equal(1, int.PopCount(board.Flash.Snapshot()[A][1] ^ Old[1]));
        Assert.Equal(1, int.PopCount(board.Flash.Snapshot()[B][byteIndex] ^ New[byteIndex]));
        Assert.Equal(Old, before[A]);
        Assert.Throws<ArgumentException>(() => board.Flash.Corrupt(A, 3));

        board.Flash.Delete(A);
        Assert.Throws<ArgumentException>(() => board.Flash.Delete(A));
        Assert.Throws<ArgumentException>(() => board.Flash.Corrupt(A));
        board.Flash.Restore(before);
        Assert.Equal(Old, board.Flash.Snapshot()[A]);

        board.PowerOn(() => FirmwareRuntime.Sleep(Timeout.Infinite));
        Assert.Throws<InvalidOperationException>(() => board.Flash.Restore(before));
    }

    private static byte[] LeftAfterCut(int seed)
    {
        using VirtualBoard board = new(new BoardOptions { Seed = seed });
        board.Flash.Restore(new Dictionary<string, byte[]> { [A] = Old });
        board.PowerOn(() => Write(A, New));
        board.Run(ApiCosts.FlashOpen + ApiCosts.FlashWrite + (ApiCosts.FlashCommit / 2));
        board.PowerOff();
        return board.Flash.Snapshot()[A];
    }

    private static void Write(string path, byte[] content)
    {
        FlashFile file = FlashRuntime.Open(path, FileMode.Create, FileAccess.Write);
        file.Write(content, 0, content.Length);
        file.Close();
    }
}
