using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Bytes in and frames out, bounded a tick. A STOP byte is seen as soon as it is read, before framing and whatever
    /// stands in front of it.
    /// </summary>
    public sealed class SerialLink
    {
        // A little more than the line brings in the longest tick: 115 200 baud, 20 ms.
        private const int MostBytesPerTick = 256;

        // Less than the line carries in a tick with stepping: a full transmit buffer blocks, and takes the stage its time.
        private const int MostFramesPerTick = 2;

        private readonly Board board;
        private readonly FrameEncoder encoder = new FrameEncoder();
        private readonly byte[] received = new byte[MostBytesPerTick];
        private readonly byte[] sending = new byte[Framing.MaximumFrameLength];
        private int receivedCount;
        private int framesLeft;
        private ushort sequence;

        public SerialLink(Board board)
        {
            this.board = board;
        }

        /// <summary>The bytes read in this tick, <see cref="ReceivedCount"/> of them.</summary>
        public byte[] Received
        {
            get { return received; }
        }

        /// <summary>How many bytes were read in this tick.</summary>
        public int ReceivedCount
        {
            get { return receivedCount; }
        }

        /// <summary>The frame sent last, and its length: what a repeated command is answered with.</summary>
        public byte[] SentFrame
        {
            get { return sending; }
        }

        /// <summary>Length of <see cref="SentFrame"/> in bytes.</summary>
        public int SentLength { get; private set; }

        /// <summary>Whether another frame may be sent in this tick.</summary>
        public bool MaySend
        {
            get { return framesLeft > 0; }
        }

        /// <summary>Reads what has come, up to the bound of a tick, and says whether a STOP byte is in it.</summary>
        public bool Receive()
        {
            framesLeft = MostFramesPerTick;
            receivedCount = 0;
            int waiting = board.Serial.BytesToRead;
            if (waiting <= 0)
            {
                return false;
            }

            receivedCount = board.Serial.Read(received, 0, waiting < MostBytesPerTick ? waiting : MostBytesPerTick);
            for (int i = 0; i < receivedCount; i++)
            {
                if (received[i] == Framing.Stop)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Sends a message as one frame; false when this tick's bound is reached.</summary>
        public bool Send(Message message, ushort replyTo)
        {
            if (framesLeft <= 0)
            {
                return false;
            }

            sequence++;
            SentLength = encoder.Encode(message, sequence, replyTo, sending);
            framesLeft--;
            board.Serial.Write(sending, 0, SentLength);
            return true;
        }

        /// <summary>Sends a frame that was kept.</summary>
        public void Resend(byte[] frame, int length)
        {
            if (framesLeft > 0)
            {
                framesLeft--;
                board.Serial.Write(frame, 0, length);
            }
        }
    }
}
