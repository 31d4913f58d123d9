import ArgumentParser
import Compute
import MInference

extension DType: ExpressibleByArgument {}
extension DeviceChoice: ExpressibleByArgument {}
