using System.Text;
using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests;

/// <summary>The CRC is the well-known one, so that any other implementation agrees.</summary>
public class Crc32Tests(ITestOutputHelper output)
{
    [Fact]
    public void Check_value_of_the_nine_digits_is_the_published_one() =>
        Assert.Equal(0xCBF43926, Crc32.Of(Encoding.ASCII.GetBytes("123456789"), 0, 9));

    [Fact]
    public void Crc_of_nothing_is_zero() => Assert.Equal(0u, Crc32.Of([], 0, 0));

    [Fact]
    public void Table_agrees_with_the_definition_bit_by_bit_on_random_data()
    {
        Random random = Seeded.Random(output);
        for (int round = 0; round < 500; round++)
        {
            byte[] data = new byte[random.Next(1, 80)];
            random.NextBytes(data);
            int offset = random.Next(data.Length);
            Assert.Equal(ReferenceDecoder.BitwiseCrc(data.AsSpan(offset)), Crc32.Of(data, offset, data.Length - offset));
        }
    }

    [Fact]
    public void Data_followed_by_its_crc_leaves_the_residue()
    {
        Random random = Seeded.Random(output);
        byte[] data = new byte[40];
        random.NextBytes(data);
        uint running = Crc32.Start;
        foreach (byte value in data.Concat(BitConverter.GetBytes(Crc32.Of(data, 0, data.Length))))
        {
            running = Crc32.Update(running, value);
        }

        Assert.Equal(Crc32.Residue, running);
    }
}
