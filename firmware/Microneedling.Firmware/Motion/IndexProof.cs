using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Turns the cam once, slowly, until its index flag has proven itself, and leaves it there: at top dead centre. A flag
    /// that always shows, never shows, or shows twice a stroke would let the cam stand anywhere. For a parked stage only.
    /// <code>
    ///   flag  ‾‾|___________|‾‾     gone for most of a stroke, then there: cut
    ///   flag  ‾‾|____|‾‾|____|‾‾    a second flag: never proven
    /// </code>
    /// </summary>
    public sealed class IndexProof
    {
        // At a creep a stroke takes 200 ms; the flag shows for 50 of them, a second one would leave gaps of 50.
        private const int ShortestGapMicroseconds = 100000;
        private const int LongestProofMicroseconds = 1000000;

        private readonly NeedleDrive needle;
        private readonly BoardInputs inputs;
        private long begunAt;
        private long goneSince;

        public IndexProof(NeedleDrive needle, BoardInputs inputs)
        {
            this.needle = needle;
            this.inputs = inputs;
        }

        /// <summary>Begins anew, with the needle motor energised.</summary>
        public void Begin(long now)
        {
            begunAt = now;
            goneSince = 0;
            needle.SetEnabled(true);
        }

        /// <summary>Whether it takes longer than five strokes.</summary>
        public bool HasFailed(long now)
        {
            return now - begunAt > LongestProofMicroseconds;
        }

        /// <summary>Goes on, once a tick; true when the cam stands at a top that is proven.</summary>
        public bool IsProven(long now, bool indexFlag)
        {
            if (!indexFlag)
            {
                goneSince = goneSince == 0 ? now : goneSince;
            }
            else if (goneSince == 0 || now - goneSince < ShortestGapMicroseconds)
            {
                goneSince = 0;
            }
            else
            {
                // A pause since the tick's reading lets the cam creep past the flag, so it is read anew.
                needle.Cut();
                inputs.ReadIndexFlag();
                if (inputs.Has(Inputs.IndexFlag))
                {
                    return true;
                }

                goneSince = now;
            }

            needle.Run(NeedleDrive.CreepHertz, now);
            return false;
        }
    }
}
