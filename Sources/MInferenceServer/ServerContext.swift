#if Server
    import Compute
    import Hummingbird
    import Logging
    import NIOCore

    /// What goes with a request through the routes.
    package struct ServerContext: RequestContext {
        package var coreContext: CoreRequestContextStorage
        /// The connection.
        let channel: any Channel

        package init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            channel = source.channel
        }

        /// A flag that is raised when the client leaves.
        func cancellationOnDisconnect() -> CancellationFlag {
            let flag = CancellationFlag()
            ConnectionWatch.whenClosed(channel) { flag.cancel() }
            return flag
        }
    }
#endif
