import JSON

extension QuantizationScheme {
    /// The values of `quant_method` that are read.
    public static let supportedMethods = ["gptq", "awq", "fp8", "fbgemm_fp8", "compressed-tensors"]

    /// Groups of these many inputs.
    private static let groups = 1...1 << 20

    /// Reads the members of `quantization_config`.
    package init(_ object: ConfigurationObject) throws(ConfigurationError) {
        switch try object.optionalString("quant_method") {
        case "gptq": self = try Self.gptq(object)
        case "awq": self = try Self.awq(object)
        case "fp8", "fbgemm_fp8": self = try Self.float8(object)
        case "compressed-tensors": self = try Self.compressedTensors(object)
        default:
            throw object.invalid(
                "quant_method", expected: "one of \(Self.supportedMethods.joined(separator: ", "))")
        }
    }

    private static func gptq(_ object: ConfigurationObject) throws(ConfigurationError) -> Self {
        let bits = try object.integer("bits", in: 2...8)
        guard [2, 4, 8].contains(bits) else { throw object.invalid("bits", expected: "2, 4 or 8") }
        let format = try object.optionalString("checkpoint_format") ?? "gptq"
        guard format == "gptq" || format == "gptq_v2" else {
            throw object.invalid("checkpoint_format", expected: "\"gptq\" or \"gptq_v2\"")
        }
        return Self(
            method: .gptq, bits: bits, groupSize: try groupSize(object),
            zeroPointsAreOneLess: format == "gptq")
    }

    private static func awq(_ object: ConfigurationObject) throws(ConfigurationError) -> Self {
        guard try object.integer("bits", in: 1...32) == 4 else {
            throw object.invalid("bits", expected: "4")
        }
        let version = try object.optionalString("version")?.lowercased() ?? "gemm"
        guard version == "gemm" || version == "exllama" else {
            throw object.invalid("version", expected: "\"gemm\"")
        }
        return Self(method: .awq, bits: 4, groupSize: try groupSize(object))
    }

    private static func float8(_ object: ConfigurationObject) throws(ConfigurationError) -> Self {
        Self(method: .bytes, bits: 8, block: try block(object, "weight_block_size"))
    }

    private static func compressedTensors(_ object: ConfigurationObject) throws(ConfigurationError) -> Self {
        guard let groups = try object.optionalObject("config_groups") else {
            throw object.invalid("config_groups", expected: "an object with a group")
        }
        var schemes: Set<Self> = []
        for name in groups.keys {
            guard let group = try groups.optionalObject(name),
                let weights = try group.optionalObject("weights")
            else {
                throw groups.invalid(name, expected: "a group with weights")
            }
            let common = try object.optionalString("format")
            let format = try group.optionalString("format") ?? common
            schemes.insert(try compressedWeights(weights, format: format, object))
        }
        guard schemes.count == 1, let scheme = schemes.first else {
            throw object.invalid("config_groups", expected: "groups that agree about weights")
        }
        return scheme
    }

    private static func compressedWeights(
        _ weights: ConfigurationObject, format: String?, _ object: ConfigurationObject
    ) throws(ConfigurationError) -> Self {
        let bits = try weights.integer("num_bits", in: 1...64)
        switch format {
        case "float-quantized", "int-quantized", "naive-quantized":
            guard bits == 8 else { throw weights.invalid("num_bits", expected: "8") }
            return Self(
                method: .bytes, bits: 8, groupSize: try groupSize(weights),
                block: try block(weights, "block_structure"))
        case "pack-quantized":
            guard bits == 4 || bits == 8 else { throw weights.invalid("num_bits", expected: "4 or 8") }
            return Self(method: .packed, bits: bits, groupSize: try groupSize(weights))
        default:
            throw object.invalid(
                "format",
                expected: "\"float-quantized\", \"int-quantized\", \"naive-quantized\" or \"pack-quantized\"")
        }
    }

    /// `group_size`; nil where it is absent or -1.
    private static func groupSize(_ object: ConfigurationObject) throws(ConfigurationError) -> Int? {
        guard let size = try object.optionalInteger("group_size", in: -1...groups.upperBound), size != -1
        else {
            return nil
        }
        guard size > 0 else { throw object.invalid("group_size", expected: "a positive number, or -1") }
        return size
    }

    private static func block(_ object: ConfigurationObject, _ key: String) throws(ConfigurationError)
        -> Block?
    {
        guard let value = object[key] else { return nil }
        guard let sizes = value.array?.compactMap(\.int), sizes.count == 2, value.array?.count == 2,
            sizes.allSatisfy(groups.contains)
        else {
            throw object.invalid(key, expected: "an array of two sizes")
        }
        return Block(rows: sizes[0], columns: sizes[1])
    }
}
