namespace Microneedling.Protocol
{
    /// <summary>States of the device, as it reports them.</summary>
    public enum DeviceState : byte
    {
        /// <summary>Power has just come. Nothing is energised. Left by itself.</summary>
        Booting = 0,

        /// <summary>Inputs are checked for plausibility. Nothing is energised. Left by itself.</summary>
        SelfTest = 1,

        /// <summary>The position of the depth stage is unknown. Nothing is energised. Left by Home.</summary>
        Unhomed = 2,

        /// <summary>The depth stage looks for the home switch. Depth stage energised. Left by success, STOP or fault.</summary>
        Homing = 3,

        /// <summary>Stage at the park position, position proven. Drivers idle. Left by Arm or Home.</summary>
        Parked = 4,

        /// <summary>Cam held at top dead centre or creeping there, stage at depth or on its way, tips behind the nosecone. Both drivers energised. Left by trigger, Disarm, STOP or fault.</summary>
        Armed = 5,

        /// <summary>The needles stroke. Both drivers energised. Left by trigger release, STOP or fault.</summary>
        Running = 6,

        /// <summary>Pulses are cut, the stage retracts, the cam creeps to top, the home switch is proven. Left by itself.</summary>
        Retracting = 7,

        /// <summary>A fault is latched; motion is removed, the stage has been retracted if that was possible. Left by ClearFault.</summary>
        Faulted = 8,

        /// <summary>The emergency stop was pressed; latched, position no longer trusted. Left by release and ClearFault.</summary>
        EmergencyStopped = 9,

        /// <summary>Calibration and jog, never with a cartridge seated.</summary>
        Service = 10,
    }
}
