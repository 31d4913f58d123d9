/// How a device holds the elements of weight matrices.
///
/// In 8 bits an element is a byte's number times an fp32 factor that a group of inputs of one output share; the group's
/// largest magnitude is the byte's largest number. Only weights are rounded, inputs of products are not.
public struct WeightFormat: Sendable, Hashable, CustomStringConvertible {
    /// What an element is.
    public enum Element: String, Sendable, Hashable, CaseIterable {
        /// A number of the compute type.
        case native
        /// A signed integer from -127 to 127.
        case int8
        /// 8-bit floating point with 4 exponent and 3 fraction bits (e4m3), largest 448.
        case float8 = "fp8"
    }

    /// What an element is.
    public let element: Element
    /// Inputs that share a factor, a power of two from 16 to 256; nil for all inputs of an output.
    public let groupSize: Int?

    /// In the compute type.
    public static let native = WeightFormat(element: .native, groupSize: nil)
    /// Integers with a factor per output.
    public static let int8 = int8(groupSize: nil)
    /// 8-bit floating point with a factor per output.
    public static let float8 = WeightFormat(element: .float8, groupSize: nil)

    /// Integers with a factor per `groupSize` inputs of an output.
    public static func int8(groupSize: Int?) -> WeightFormat {
        WeightFormat(element: .int8, groupSize: groupSize)
    }

    /// A format; traps when `groupSize` is none that a format can have.
    public init(element: Element, groupSize: Int?) {
        precondition(
            groupSize.map { (16...256).contains($0) && $0.nonzeroBitCount == 1 } ?? true,
            "a group has a power of two from 16 to 256 inputs")
        self.element = element
        self.groupSize = groupSize
    }

    /// The inputs that share a factor in a matrix of `inputs` inputs.
    public func groupSize(inputs: Int) -> Int { groupSize.map { $0 < inputs ? $0 : inputs } ?? inputs }

    /// The bytes of a matrix of `outputs` times `inputs` elements whose compute type is `dtype`.
    public func byteCount(outputs: Int, inputs: Int, dtype: DType) -> Int {
        guard element != .native else { return outputs * inputs * dtype.byteCount }
        let group = max(1, groupSize(inputs: inputs))
        return outputs * (inputs + (inputs + group - 1) / group * 4)
    }

    /// Such as `int8 with a factor per 32 inputs`.
    public var description: String {
        switch element {
        case .native: element.rawValue
        case .int8, .float8:
            "\(element.rawValue) with a factor per " + (groupSize.map { "\($0) inputs" } ?? "output")
        }
    }
}

extension Backend {
    /// `makeLinear` for `native`; throws `ComputeError.unsupported` for other formats.
    public func makeLinear(
        parts: [HostTensor], biases: [HostTensor?], inputType: DType, format: WeightFormat
    ) throws -> any LinearWeight {
        guard format == .native else {
            throw ComputeError.unsupported(
                "\(device) keeps weights in the compute type only; leave out --quantize, or use --device cpu")
        }
        return try makeLinear(parts: parts, biases: biases, inputType: inputType)
    }

    /// `native`.
    public var weightElements: [WeightFormat.Element] { [.native] }
}
