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

    /// An engine whose core `make` builds on the new thread, and what else `make` has to tell.
    package static func start<Details: Sendable>(
        _ make: @escaping @Sendable () throws -> (EngineCore, Details)
    ) async throws -> (Engine, Details) {
        let engine = Engine()
        return (engine, try await engine.install(make))
    }

    private func install<Details: Sendable>(_ make: @Sendable () throws -> (EngineCore, Details)) throws
        -> Details
    {
        let (core, details) = try make()
        self.core = core
        return details
    }

    /// Runs `body` with the core, on the engine's thread; nothing else runs there until it returns.
    package func run<Result: Sendable>(_ body: @Sendable (EngineCore) throws -> Result) rethrows -> Result {
        guard let core else { preconditionFailure("an engine is only handed out with its core") }
        return try body(core)
    }
}
