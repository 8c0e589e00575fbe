// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QWidget>

class QSplitter;

namespace slotscope {

/// A main part with a side panel on its right. If the width is too small for both, the panel is placed over the main
/// part.
class SideSplit final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SideSplit)
public:
    SideSplit(QWidget *main, QFrame *panel, QWidget *parent = nullptr);

    void setPanelShown(bool shown);
    void setNarrowBelow(int pixels); ///< in px of this widget; default 960
    [[nodiscard]] bool isPanelShown() const { return m_shown; }
    [[nodiscard]] bool isNarrow() const { return m_narrow; }
    [[nodiscard]] QByteArray saveState() const;
    void restoreState(const QByteArray &state);

Q_SIGNALS:
    void narrowChanged(bool narrow);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void place();

    QSplitter *m_splitter;
    QFrame *m_panel;
    QByteArray m_state; ///< saved splitter state while the panel is placed over the main part
    bool m_shown = false;
    bool m_narrow = false;
    int m_narrowBelow;
};

} // namespace slotscope
