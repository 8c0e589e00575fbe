// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/local/localcluster.h"

#include <QFuture>

namespace slotscope {

class CoreThread;

/// A local cluster seen from another thread: it lives on the core thread, and ends with this object at the latest when
/// that thread ends.
class Demo final
{
    Q_DISABLE_COPY_MOVE(Demo)
public:
    Demo(CoreThread &thread, LocalClusterOptions options = {});
    ~Demo(); ///< returns at once; the servers end on the core thread

    /// Starts the servers and writes the sample data; where to connect. Always finishes with a value.
    [[nodiscard]] QFuture<Result<ConnectionTarget>> start(int thousands = 10);

private:
    LocalCluster *m_cluster;
    std::stop_source m_stop;
    std::shared_ptr<bool> m_busy = std::make_shared<bool>(false); ///< starting; touched on the core thread only
};

} // namespace slotscope
