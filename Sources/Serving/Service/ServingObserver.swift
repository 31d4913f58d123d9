/// What a service tells whoever counts: metrics and logs.
package protocol ServingObserver: Sendable {
    /// A request was taken on.
    func accepted(_ id: JobID, promptTokens: Int)
    /// A request started to run.
    func started(_ id: JobID, queueSeconds: Double, cachedTokens: Int, promptTokens: Int)
    /// The first token of a request was drawn.
    func firstToken(_ id: JobID, seconds: Double, prefillSeconds: Double)
    /// Another token of an answer was drawn, so long after the one before.
    func token(_ id: JobID, secondsSinceLast: Double)
    /// A request ended: with its summary, or with an error, or because the client left when both are nil.
    func ended(_ id: JobID, reasons: [String], summary: JobSummary?, error: APIError?)
    /// The numbers of requests changed, or the bytes that running ones plan with, of `limit`.
    func load(running: Int, waiting: Int, memoryBytes: Int, limit: Int)
}

extension ServingObserver {
    package func accepted(_ id: JobID, promptTokens: Int) {}
    package func started(_ id: JobID, queueSeconds: Double, cachedTokens: Int, promptTokens: Int) {}
    package func firstToken(_ id: JobID, seconds: Double, prefillSeconds: Double) {}
    package func token(_ id: JobID, secondsSinceLast: Double) {}
    package func ended(_ id: JobID, reasons: [String], summary: JobSummary?, error: APIError?) {}
    package func load(running: Int, waiting: Int, memoryBytes: Int, limit: Int) {}
}

/// Counts nothing.
package struct SilentObserver: ServingObserver {
    package init() {}
}
