// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

namespace slotscope {

class Theme;

/// One thing that may come next.
struct Proposal
{
    QByteArray text; ///< as it is to be typed
    QString shown, detail, mark; ///< `mark`: "same slot"
    bool isMarkGood = true;
    QByteArray type; ///< of a key
};

/// Proposals above the word that is being typed. Takes no focus: the editor hands it the keys.
class CompletionPopup final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CompletionPopup)
public:
    explicit CompletionPopup(const Theme &theme, QWidget *parent);

    /// Shows them with their lower left corner at `anchor` (of the parent), or hides where there are none.
    void propose(const QList<Proposal> &proposals, const QString &foot, const QRect &anchor);
    void move(int by);
    void take();
    [[nodiscard]] const QList<Proposal> &proposals() const { return m_proposals; }
    [[nodiscard]] int current() const { return m_current; }

Q_SIGNALS:
    void taken(const QByteArray &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] int firstShown() const;
    const Theme &m_theme;
    QList<Proposal> m_proposals;
    QString m_foot;
    int m_current = 0;
};

} // namespace slotscope
