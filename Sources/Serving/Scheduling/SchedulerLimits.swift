/// What a scheduler may take on.
package struct SchedulerLimits: Sendable, Equatable {
    /// Bytes that all running requests may plan with.
    package var memoryBytes: Int
    /// The most requests that run, that is have keys and values.
    package var running: Int
    /// The most requests that wait for running ones to end.
    package var waiting: Int
    /// The longest wait in seconds.
    package var waitSeconds: Double
    /// The longest time from the arrival of a request to its end in seconds.
    package var totalSeconds: Double
    /// The most of the time that decoding may take while prompts are at work, in `0..<1`.
    package var decodeShare: Double
    /// The share of the prompts' time that belongs to the oldest prompt, in `0..<1`: when it alone is overtaken, and at
    /// most, when many are.
    package var oldestShare: ClosedRange<Double>
    /// How often a waiting request that needs more memory may be overtaken.
    package var overtakings: Int

    /// Limits; everything but memory has a default.
    package init(
        memoryBytes: Int, running: Int = 64, waiting: Int = 256, waitSeconds: Double = 600,
        totalSeconds: Double = 3600, decodeShare: Double = 0.5,
        oldestShare: ClosedRange<Double> = 0.25...0.5, overtakings: Int = 16
    ) {
        self.memoryBytes = memoryBytes
        self.running = running
        self.waiting = waiting
        self.waitSeconds = waitSeconds
        self.totalSeconds = totalSeconds
        self.decodeShare = decodeShare
        self.oldestShare = oldestShare
        self.overtakings = overtakings
    }
}
