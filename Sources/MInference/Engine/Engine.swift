/// Owns a model on a thread of its own; everything that touches tensors runs there.
package actor Engine {
    private let thread: EngineThread
    private var core: EngineCore?

    /// The executor of this actor: its thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private init() { thread = EngineThread() }

    isolated deinit {
        // Device memory is freed on the thread that drives the device.
        core = nil
        thread.stop()
    }

    /// An engine whose core `make` builds, on the new thread.
    package static func start(_ make: @escaping @Sendable () throws -> EngineCore) async throws -> Engine {
        let engine = Engine()
        try await engine.install(make)
        return engine
    }

    private func install(_ make: @Sendable () throws -> EngineCore) throws { core = try make() }

    /// Runs `body` with the core, on the engine's thread; nothing else runs there until it returns.
    package func run<Result: Sendable>(_ body: @Sendable (EngineCore) throws -> Result) rethrows -> Result {
        guard let core else { preconditionFailure("an engine is only handed out with its core") }
        return try body(core)
    }
}
