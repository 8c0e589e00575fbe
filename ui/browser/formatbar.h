// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace slotscope {

class SegmentedControl;
class Theme;

/// Bar such as "Shown as gzip → JSON": the steps that decode a value, which can be changed or removed, and the
/// available views.
class FormatBar final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FormatBar)
public:
    enum class Form : int { Text, Tree, Hex };

    explicit FormatBar(const Theme &theme, QWidget *parent = nullptr);
    void setChain(const FormatChain &chain, bool detected);
    [[nodiscard]] const FormatChain &chain() const { return m_chain; }
    [[nodiscard]] bool isDetected() const { return m_detected; }
    [[nodiscard]] Form form() const;
    void setForm(Form form);
    /// Offers to save the chain for all keys of a folder; empty: not offered.
    void offerKeeping(const QString &pattern);
    void setMenu(QMenu *menu); ///< further actions, behind a button at the end
    /// Replaces the last format by this one, as if it were chosen in its menu.
    void chooseForm(const FormatStep &form);
    void setChainShown(bool shown); ///< false if the value is too long to be decoded

Q_SIGNALS:
    void chainChosen(const slotscope::FormatChain &chain);
    void protoTypeRequested(); ///< choose a message type of .proto files
    void detectRequested(); ///< detect the format from the bytes again
    void formChanged();
    void keepRequested();

private:
    void makeChips();
    void replaceStep(qsizetype at, const FormatStep &step);

    const Theme &m_theme;
    FormatChain m_chain;
    bool m_detected = true;
    QWidget *m_chips;
    QHBoxLayout *m_chipLayout;
    QLabel *m_badge;
    QPushButton *m_keep;
    SegmentedControl *m_form;
    QToolButton *m_more;
};

} // namespace slotscope
