import JSON

/// `model.safetensors.index.json`: which file each tensor of a sharded checkpoint is in.
struct ShardIndex {
    /// The index file.
    let path: String
    /// The shards' file names, sorted.
    let shards: [String]
    /// For each tensor the place of its shard in `shards`.
    let shardOfTensor: [String: Int]

    /// Reads and checks the index.
    init(path: String) throws(CheckpointError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        var map: [String: String]?
        do {
            try file.withBytes { (bytes) throws in
                try bytes.withMemoryRebound(to: UInt8.self) { text in
                    var reader = JSONReader(text)
                    try reader.readObject { (key, reader) throws in
                        if key == "weight_map" {
                            map = try Self.weightMap(&reader)
                        } else {
                            try reader.skipValue()
                        }
                    }
                    try reader.finish()
                }
            }
        } catch {
            throw .malformedIndex(path: path, reason: "\(error)")
        }
        guard let map, !map.isEmpty else {
            throw .malformedIndex(path: path, reason: "no weight_map, or an empty one")
        }
        let shards = Set(map.values).sorted()
        for shard in shards where !Self.isPlainName(shard) {
            throw .malformedIndex(
                path: path,
                reason: "the shard name '\(shard)' must be a file name in the checkpoint's directory")
        }
        let places = Dictionary(uniqueKeysWithValues: shards.enumerated().map { ($1, $0) })
        self.path = path
        self.shards = shards
        shardOfTensor = map.compactMapValues { places[$0] }
    }

    /// Opens all shards and checks that each tensor is where the index says.
    func openFiles(directory: String) throws(CheckpointError) -> [SafetensorsFile] {
        var files: [SafetensorsFile] = []
        for shard in shards {
            do {
                files.append(try SafetensorsFile(path: FileSystem.join(directory, shard)))
            } catch CheckpointError.file(.notFound) {
                throw .missingShard(shard: shard, index: path)
            }
        }
        for (name, shard) in shardOfTensor.sorted(by: { $0.key < $1.key }) where !files[shard].contains(name)
        {
            throw .malformedIndex(
                path: path, reason: "tensor '\(name)' should be in \(shards[shard]), but that file lacks it")
        }
        return files
    }

    private static func weightMap(_ reader: inout JSONReader) throws -> [String: String] {
        var map: [String: String] = [:]
        try reader.readObject { (key, reader) throws in
            guard map.updateValue(try reader.readString(), forKey: key) == nil else {
                throw reader.error("tensor '\(key)' occurs twice")
            }
        }
        return map
    }

    /// An index from elsewhere must not make us read files outside the directory.
    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.utf8.contains(0)
    }
}
