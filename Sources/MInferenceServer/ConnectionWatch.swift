#if Server
    import NIOCore

    /// Notices clients that leave, also while nothing is written to them, and closes connections whose client does not
    /// read.
    ///
    /// A client that closes only its sending side counts as gone: nothing tells it from one that died.
    final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = NIOAny
        typealias OutboundIn = NIOAny

        private let writeTimeout: TimeAmount
        private var stalled: Scheduled<Void>?
        private var onClosed: (@Sendable () -> Void)?
        private var isClosed = false

        /// A watch that closes after `writeTimeout` without progress in writing.
        init(writeTimeout: TimeAmount) { self.writeTimeout = writeTimeout }

        /// Calls `body` when the client of `channel` leaves, at once if it has, in place of who asked before; never for
        /// channels without a watch.
        static func whenClosed(_ channel: any Channel, _ body: @escaping @Sendable () -> Void) {
            channel.eventLoop.execute {
                guard
                    let watch = try? channel.pipeline.syncOperations.handler(type: ConnectionWatch.self)
                else { return }
                // One request of a connection is at work at a time.
                if watch.isClosed { body() } else { watch.onClosed = body }
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed? = event as? ChannelEvent { tellClosed() }
            context.fireUserInboundEventTriggered(event)
        }

        func channelInactive(context: ChannelHandlerContext) {
            stalled?.cancel()
            tellClosed()
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if error is IOError { tellClosed() }
            context.fireErrorCaught(error)
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            stalled?.cancel()
            stalled = nil
            if !context.channel.isWritable {
                let channel = context.channel
                stalled = context.eventLoop.scheduleTask(in: writeTimeout) { channel.close(promise: nil) }
            }
            context.fireChannelWritabilityChanged()
        }

        private func tellClosed() {
            guard !isClosed else { return }
            isClosed = true
            onClosed?()
            onClosed = nil
        }
    }
#endif
