import Dispatch
import Glibc

/// Turns the first Ctrl-C into a call; the second ends the process as usual.
final class Interrupt {
    private let source: any DispatchSourceSignal

    /// Calls `action` once, on a queue of its own, when SIGINT comes.
    init(_ action: @escaping @Sendable () -> Void) {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            signal(SIGINT, SIG_DFL)
            action()
        }
        source.activate()
        self.source = source
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
