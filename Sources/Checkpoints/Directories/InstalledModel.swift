/// A checkpoint found on this machine, loadable or not.
public struct InstalledModel: Sendable, Hashable {
    /// What `ModelDirectory` takes to find it: `bundled` or `org/name`.
    public let name: String
    /// Where it is.
    public let directory: String
    /// The model family that its configuration names, when it could be read.
    public let modelType: String?
    /// Why it cannot be loaded; nil when its configuration is one of a supported model.
    public let problem: String?

    /// The bundled model and all models of the Hugging Face cache, by name.
    public static func all(searching paths: ModelSearchPaths = .process) -> [InstalledModel] {
        let cached = paths.huggingFaceCache.map(FileSystem.names(in:)) ?? []
        // models--org--name
        let names = cached.compactMap { entry -> String? in
            guard entry.hasPrefix("models--") else { return nil }
            let name = entry.dropFirst("models--".count)
            for place in name.indices where name[place...].hasPrefix("--") {
                return name[..<place] + "/" + name[place...].dropFirst(2)
            }
            return nil
        }
        return ([ModelDirectory.bundledName] + names.sorted()).compactMap { name in
            guard let directory = try? ModelDirectory(name, searching: paths) else { return nil }
            return InstalledModel(name: name, directory: directory.path)
        }
    }

    private init(name: String, directory: String) {
        self.name = name
        self.directory = directory
        do {
            let configuration = try ModelConfiguration(directory: directory)
            _ = try DecoderConfiguration(configuration)
            modelType = configuration.modelType
            problem = nil
        } catch {
            if case .unsupportedModelType(_, let found, _) = error {
                modelType = found
            } else {
                modelType = nil
            }
            problem = "\(error)"
        }
    }
}
