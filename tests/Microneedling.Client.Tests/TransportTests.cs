namespace Microneedling.Client.Tests;

/// <summary>The line within the process, and opening transports by address.</summary>
public class TransportTests
{
    [Fact]
    public void What_one_end_writes_the_other_reads_in_order_in_pieces_of_any_size() => Pump.Run(async _ =>
    {
        (InMemoryTransport host, InMemoryTransport device) = InMemoryTransport.CreatePair();
        await host.WriteAsync(new byte[] { 1, 2, 3 }, default);
        await host.WriteAsync(new byte[] { 4, 5 }, default);
        byte[] buffer = new byte[2];
        List<byte> read = [];
        while (read.Count < 5)
        {
            int count = await device.ReadAsync(buffer, default);
            read.AddRange(buffer[..count]);
        }

        Assert.Equal([1, 2, 3, 4, 5], read);
        await device.WriteAsync(new byte[] { 9 }, default);
        Assert.Equal(1, await host.ReadAsync(buffer, default));
        Assert.Equal(9, buffer[0]);
    });

    [Fact]
    public void Written_bytes_belong_to_the_line_and_may_be_changed_by_the_writer_afterwards() => Pump.Run(async _ =>
    {
        (InMemoryTransport host, InMemoryTransport device) = InMemoryTransport.CreatePair();
        byte[] bytes = [1];
        await host.WriteAsync(bytes, default);
        bytes[0] = 2;
        await device.ReadAsync(bytes, default);
        Assert.Equal(1, bytes[0]);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disposing_either_end_ends_both(bool disposeHost) => Pump.Run(async _ =>
    {
        (InMemoryTransport host, InMemoryTransport device) = InMemoryTransport.CreatePair();
        byte[] buffer = new byte[4];
        ValueTask<int> waiting = host.ReadAsync(buffer, default);
        await host.WriteAsync(new byte[] { 7 }, default);
        await (disposeHost ? host : device).DisposeAsync();
        Assert.Equal(0, await waiting);
        Assert.Equal(1, await device.ReadAsync(buffer, default));
        Assert.Equal(0, await device.ReadAsync(buffer, default));
        await Assert.ThrowsAsync<LinkException>(async () => await host.WriteAsync(buffer, default));
        await Assert.ThrowsAsync<LinkException>(async () => await device.WriteAsync(buffer, default));
    });

    [Fact]
    public void Waiting_for_bytes_can_be_cancelled() => Pump.Run(async time =>
    {
        (InMemoryTransport host, _) = InMemoryTransport.CreatePair();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1), time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await host.ReadAsync(new byte[4], patience.Token));
    });

    [Fact]
    public async Task Address_is_opened_by_its_scheme_in_any_case()
    {
        (InMemoryTransport host, _) = InMemoryTransport.CreatePair();
        List<string> opened = [];
        TransportRegistry registry = new TransportRegistry()
            .Add("memory", (address, _) =>
            {
                opened.Add(address);
                return Task.FromResult<ITransport>(host);
            })
            .Add("sim", (_, _) => throw new InvalidOperationException("not this one"));
        Assert.Same(host, await registry.OpenAsync("memory:"));
        Assert.Same(host, await registry.OpenAsync("MEMORY:a:b"));
        Assert.Equal(["memory:", "MEMORY:a:b"], opened);
        Assert.Equal(["memory", "sim"], registry.Schemes);
    }

    [Theory]
    [InlineData("serial:COM5")]
    [InlineData("COM5")]
    [InlineData("")]
    [InlineData(":sim")]
    public async Task Unknown_address_is_answered_with_those_that_are_known(string address)
    {
        TransportRegistry registry = new TransportRegistry().Add("tcp", NeverAsync).Add("sim", NeverAsync);
        LinkException thrown = await Assert.ThrowsAsync<LinkException>(() => registry.OpenAsync(address));
        Assert.Equal($"'{address}' is not the address of a device: it should begin with how to reach it, and known are sim:, tcp:.", thrown.Message);
        Assert.False(thrown.IsTransient);
    }

    [Fact]
    public async Task Empty_registry_says_so() =>
        Assert.Contains("none is known", (await Assert.ThrowsAsync<LinkException>(() => new TransportRegistry().OpenAsync("sim:"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("sim")]
    [InlineData("SIM")]
    [InlineData("a:b")]
    [InlineData(" ")]
    public void Scheme_that_is_taken_or_malformed_is_refused(string scheme) =>
        Assert.Throws<ArgumentException>(() => new TransportRegistry().Add("sim", NeverAsync).Add(scheme, NeverAsync));

    private static Task<ITransport> NeverAsync(string address, CancellationToken cancellationToken) => throw new InvalidOperationException();
}
