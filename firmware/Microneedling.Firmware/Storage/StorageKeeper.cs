using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Decides when what has changed is written to flash: only at rest, one file at a time, between two ticks. Settings
    /// that could not be written latch a fault; counters are tried again later.
    /// </summary>
    public sealed class StorageKeeper
    {
        private const int SettingsRecord = 1;
        private const int CountersRecord = 2;

        private readonly Settings settings;
        private readonly LifeCounters counters;
        private readonly Lifecycle life;
        private readonly EventLog events;

        public StorageKeeper(Settings settings, LifeCounters counters, Lifecycle life, EventLog events)
        {
            this.settings = settings;
            this.counters = counters;
            this.life = life;
            this.events = events;
        }

        /// <summary>Reads what is kept, and tells what was found damaged.</summary>
        public void Load(long now)
        {
            settings.Load();
            NoteMending(SettingsRecord, settings.CopyToMend, now);
            if (!counters.Load(now))
            {
                events.Add(now, EventCode.CountersLost, 0, 0);
            }

            NoteMending(CountersRecord, counters.CopyToMend, now);
        }

        /// <summary>Writes one file if one is to be written and nothing moves; true when time was spent.</summary>
        public bool Store(long now)
        {
            if (!life.IsAtRest)
            {
                return false;
            }

            if (settings.IsPending)
            {
                StoreSettings(now);
                return true;
            }

            if (counters.IsPending(now))
            {
                counters.Store(now);
                return true;
            }

            return false;
        }

        private void StoreSettings(long now)
        {
            if (!settings.Store())
            {
                life.RaiseFault(FaultCode.SettingsNotStored, now);
            }
            else if (!settings.IsPending)
            {
                events.Add(now, EventCode.SettingsStored, (int)settings.Writes, 0);
            }
        }

        private void NoteMending(int record, int copy, long now)
        {
            if (copy >= 0)
            {
                events.Add(now, EventCode.StoredCopyMended, record, copy);
            }
        }
    }
}
