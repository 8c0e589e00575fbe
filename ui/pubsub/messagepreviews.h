// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/messagepreview.h"

#include <QCache>
#include <QObject>
#include <QTimer>

namespace slotscope {

/// One-line previews of the visible messages, decoded in another thread. GUI thread.
class MessagePreviews final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MessagePreviews)
public:
    explicit MessagePreviews(QObject *parent = nullptr);

    void setChain(const std::optional<slotscope::FormatChain> &chain); ///< empty: detect the format
    [[nodiscard]] const std::optional<FormatChain> &chain() const { return m_chain; }
    void clear(); ///< needed for a new session, whose messages reuse the serial numbers
    /// Returns null if the preview does not exist yet; it is then made, and changed() is emitted.
    [[nodiscard]] const MessagePreview *of(const PubSubMessagePtr &message);

Q_SIGNALS:
    void changed();

private:
    void makeNow();

    std::optional<FormatChain> m_chain;
    QCache<quint64, MessagePreview> m_made; ///< previews by serial number
    PubSubMessages m_wanted;
    quint64 m_round = 0; ///< incremented when chain or session change; older results are dropped
    bool m_underway = false;
    QTimer m_timer;
};

} // namespace slotscope
