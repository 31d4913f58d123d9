#if Server
    import Checkpoints
    import HTTPTypes
    import Hummingbird
    import HummingbirdCore
    import JSON
    import MInference
    import NIOCore
    import Serving

    /// What is served, whether it works, and how it goes.
    struct StatusRoutes: Sendable {
        let service: InferenceService
        let metrics: ServerMetrics
        let created: Int

        /// The routes that need no key: a load balancer asks them.
        func addPublic(to router: Router<ServerContext>) {
            router.get("/health") { _, _ -> Response in Response(status: .ok) }
            router.get("/ready") { _, _ -> Response in
                await service.isReady
                    ? .json(#"{"status": "ready"}"#)
                    : .json(#"{"status": "draining"}"#, status: .serviceUnavailable)
            }
        }

        func add(to router: Router<ServerContext>) {
            router.get("/metrics") { _, _ -> Response in
                await metrics.sample(service)
                return Response(
                    status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
            }
            router.get("/v1/models") { _, _ -> Response in
                .json((["object": "list", "data": [model]] as JSONValue).text())
            }
            router.get("/v1/models/**") { _, context -> Response in
                let name = context.parameters.getCatchAll().joined(separator: "/")
                try service.checkModel(name)
                return .json(model.text())
            }
            for path: RouterPath in ["/v1/embeddings", "/embeddings"] {
                router.post(path) { _, _ -> Response in
                    throw APIError(
                        status: 404, code: "not_found",
                        message: "embeddings are not offered: this server generates text; use "
                            + "/v1/chat/completions or /v1/completions")
                }
            }
        }

        private var model: JSONValue {
            [
                "id": .string(service.configuration.modelName), "object": "model", "created": .int(created),
                "owned_by": "minference",
                "max_model_len": .int(service.model.configuration.maxPositionEmbeddings),
            ]
        }
    }
#endif
