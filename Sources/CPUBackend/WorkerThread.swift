#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One thread of a pool.
struct WorkerThread {
    /// Kernels keep sums and widened tiles on the stack.
    private static let stackSize = 2 << 20

    private let handle: pthread_t

    /// Starts a thread that serves `state`; nil when the system has none left.
    static func start(serving state: WorkerPoolState) -> WorkerThread? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackSize)
        let context = Unmanaged.passRetained(state)
        #if canImport(Darwin)
            var handle: pthread_t?
            let status = pthread_create(&handle, &attributes, { serve($0) }, context.toOpaque())
        #else
            var handle = pthread_t()
            let status = pthread_create(&handle, &attributes, { serve($0!) }, context.toOpaque())
        #endif
        pthread_attr_destroy(&attributes)
        guard status == 0 else {
            context.release()
            return nil
        }
        #if canImport(Darwin)
            return WorkerThread(handle: handle!)
        #else
            return WorkerThread(handle: handle)
        #endif
    }

    /// Waits until the thread has returned.
    func join() { pthread_join(handle, nil) }
}

private func serve(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<WorkerPoolState>.fromOpaque(context).takeRetainedValue().serve()
    return nil
}
