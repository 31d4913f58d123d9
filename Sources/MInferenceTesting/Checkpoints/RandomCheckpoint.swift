import Checkpoints
import Compute
import JSON
import MInference
import Models

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes checkpoints of any size with random bfloat16 weights, without ever holding one in memory.
package enum RandomCheckpoint {
    /// Writes `model.safetensors` with all tensors of `configuration`, and the text of its `config.json`.
    ///
    /// All tensors are cut from one block of numbers: what they hold does not matter where only loading is measured.
    /// - Parameter aligned: whether spaces after the header align the elements, as writers usually do; otherwise they lie at
    ///   odd addresses.
    /// - Returns: the size of the weights' file in bytes.
    package static func write(
        _ configuration: DecoderConfiguration, text: String, to directory: String, aligned: Bool = true
    ) throws -> Int {
        var header: [JSONValue.Member] = []
        var offset = 0
        for tensor in configuration.tensors {
            let end = offset + 2 * tensor.shape.reduce(1, *)
            header.append(
                JSONValue.Member(
                    key: tensor.name,
                    value: [
                        "dtype": "BF16", "shape": .array(tensor.shape.map(JSONValue.int)),
                        "data_offsets": [.int(offset), .int(end)],
                    ]))
            offset = end
        }
        try write(Array(text.utf8), to: directory + "/config.json")
        var random = SplitMix64(seed: 1)
        let block = SafetensorsWriter.encode(
            (0..<1 << 20).map { _ in 0.02 * random.nextNormal() }, as: .bfloat16)
        var text = Array(JSONValue.object(header).text().utf8)
        while text.count % 8 != (aligned ? 0 : 1) { text.append(UInt8(ascii: " ")) }
        var bytes = SafetensorsWriter.file(header: text, data: [])
        let size = bytes.count + offset
        let path = directory + "/model.safetensors"
        guard let stream = fopen(path, "wb") else { throw TemporaryFileError(path: path, operation: "fopen") }
        defer { fclose(stream) }
        while true {
            guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
                throw TemporaryFileError(path: path, operation: "fwrite")
            }
            guard offset > 0 else { return size }
            bytes = offset < block.count ? Array(block[..<offset]) : block
            offset -= bytes.count
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let stream = fopen(path, "wb") else { throw TemporaryFileError(path: path, operation: "fopen") }
        defer { fclose(stream) }
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
            throw TemporaryFileError(path: path, operation: "fwrite")
        }
    }
}
