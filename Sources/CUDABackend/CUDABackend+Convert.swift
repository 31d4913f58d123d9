import CUDAKernels
import Compute

extension CUDABackend {
    /// `count` elements from one type to another; the ranges do not overlap.
    func convert(
        _ source: UInt, _ sourceType: DType, to target: UInt, _ targetType: DType, count: Int
    ) throws(ComputeError) {
        let arguments = mi_convert_arguments(
            source: UInt64(source), target: UInt64(target), count: Int64(count))
        try kernel(.convert(sourceType, targetType)).launch(
            grid: LaunchSize(min((count + 1023) / 1024, 16 * context.properties.multiprocessors)), block: 256,
            arguments: arguments)
    }
}

extension KernelSpecification {
    /// `sm80_convert.cu` for a pair of types.
    static func convert(_ source: DType, _ target: DType) -> KernelSpecification {
        conversions.first { $0.source == source && $0.target == target }!.specification
    }

    fileprivate struct Conversion {
        let source: DType
        let target: DType
        let specification: KernelSpecification

        init(_ source: DType, _ target: DType) {
            self.source = source
            self.target = target
            let codes: [DType: Int] = [.float32: 32, .bfloat16: 16, .float16: 5]
            specification = KernelSpecification(
                source: "sm80_convert.cu", entry: "convert",
                definitions: ["SOURCE": codes[source]!, "TARGET": codes[target]!])
        }
    }

    fileprivate static let conversions = [
        Conversion(.float32, .bfloat16), Conversion(.float16, .bfloat16), Conversion(.bfloat16, .float32),
        Conversion(.float16, .float32),
    ]
}

extension KernelCatalog {
    static let conversions = KernelSpecification.conversions.map { Entry($0.specification) }
}
