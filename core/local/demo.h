// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/local/localcluster.h"

#include <QFuture>

namespace slotscope {

class CoreThread;

/// A local cluster controlled from another thread. It lives on the core thread, and is stopped with this object or when
/// that thread ends.
class Demo final
{
    Q_DISABLE_COPY_MOVE(Demo)
public:
    Demo(CoreThread &thread, LocalClusterOptions options = {});
    ~Demo(); ///< returns at once; the servers are stopped on the core thread

    /// Starts the servers, writes the sample data, and returns how to connect. The future always finishes with a value.
    [[nodiscard]] QFuture<Result<ConnectionTarget>> start(int thousands = 10);

private:
    LocalCluster *m_cluster;
    std::stop_source m_stop;
    /// the start is in progress; used on the core thread only
    std::shared_ptr<bool> m_busy = std::make_shared<bool>(false);
};

} // namespace slotscope
