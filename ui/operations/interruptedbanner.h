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

/// Shows that an operation on these nodes was interrupted, and offers to resume it or roll it back. Hidden if there is
/// none.
class InterruptedBanner final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InterruptedBanner)
public:
    explicit InterruptedBanner(const Theme &theme, QWidget *parent = nullptr);
    /// Searches for the newest interrupted operation that concerns nodes of `view`; both pointers may be null.
    void look(const OperationsDoor *operations, const ClusterView *view, bool readOnly);
    void retranslate(); ///< updates the texts in the current language, except those from look()
    [[nodiscard]] QString runId() const { return m_id; } ///< empty: the banner is hidden
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
