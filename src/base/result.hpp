// A value, or the fault that took its place.
#pragma once

#include "base/fault.hpp"

#include <boost/system/result.hpp>

namespace hallpass {

template <class T>
using result = boost::system::result<T, fault>;

} // namespace hallpass
