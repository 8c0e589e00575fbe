// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class FactsList;
class Theme;

/// Details of one entry: the whole command, its client, its node, and a recommendation.
class EntryCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EntryCard)
public:
    explicit EntryCard(const Theme &theme, QWidget *parent = nullptr);

    /// Null: no entry is selected. `clockAhead`: how far the node's clock is ahead, in ms.
    void setEntry(const SlowlogEntryPtr &entry, qint64 clockAhead = 0);
    [[nodiscard]] const SlowlogEntryPtr &entry() const { return m_entry; }
    [[nodiscard]] QString commandShown() const;
    [[nodiscard]] QString fact(const QString &key) const;
    [[nodiscard]] QString adviceText() const;
    [[nodiscard]] QToolButton *copyButton() const { return m_copy; }
    [[nodiscard]] QToolButton *nodeButton() const { return m_toNode; }
    void copyCommand() const; ///< copies the command as a line for redis-cli

Q_SIGNALS:
    void nodeRequested(const QByteArray &nodeId); ///< the node shall be shown

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitCommand();
    void updateAdvice();

    SlowlogEntryPtr m_entry;
    QLabel *m_title;
    ElidedLabel *m_subtitle;
    QToolButton *m_copy, *m_toNode;
    QPlainTextEdit *m_command;
    FactsList *m_facts;
    QLabel *m_hint;
    QFrame *m_advice;
    QLabel *m_adviceTitle, *m_adviceText;
};

} // namespace slotscope
