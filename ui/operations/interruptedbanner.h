// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runwords.h"

#include <QFrame>
#include <QSet>

class QPushButton;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class OperationsDoor;
class Theme;

/// Tells that an operation on these nodes was interrupted, and offers to go on with it or to take it back. Hidden where
/// there is none.
class InterruptedBanner final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InterruptedBanner)
public:
    explicit InterruptedBanner(const Theme &theme, QWidget *parent = nullptr);
    /// Looks for the newest interrupted run about nodes of `view`; both may be null.
    void look(const OperationsDoor *operations, const ClusterView *view, bool readOnly);
    void retranslate(); ///< all but what look() tells, in the language that is spoken now
    [[nodiscard]] QString runId() const { return m_id; } ///< empty: hidden
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *resumeButton() const { return m_resume; }
    [[nodiscard]] QPushButton *rollBackButton() const { return m_rollBack; }

Q_SIGNALS:
    void resumeRequested(const QString &id);
    void rollBackRequested(const QString &id);
    void lookRequested(const QString &id);

private:
    QString m_id;
    QSet<QString> m_dismissed;
    ElidedLabel *m_text;
    QPushButton *m_resume, *m_rollBack, *m_see;
    QToolButton *m_dismiss;
};

} // namespace slotscope
