#if Server
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import NIOCore

    /// Files of the binary; nothing of a request reaches the file system.
    struct AssetRoutes: Sendable {
        let assets: [StaticAsset]

        func add(to router: Router<ServerContext>) {
            for asset in assets {
                router.get(RouterPath(asset.path)) { _, _ -> Response in
                    Response(
                        status: .ok,
                        headers: [
                            .contentType: asset.contentType, .cacheControl: "no-cache",
                            .xContentTypeOptions: "nosniff",
                            // The page is of this server's files alone.
                            .contentSecurityPolicy:
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                        ],
                        body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
                }
            }
        }
    }
#endif
