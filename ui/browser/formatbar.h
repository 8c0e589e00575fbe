// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace slotscope {

class SegmentedControl;
class Theme;

/// "Shown as gzip → JSON": the steps by which a value is read, each to be changed or taken away, and the forms in which
/// it is shown.
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
    /// Offers to keep the chain for all keys of a folder; empty: nothing is offered.
    void offerKeeping(const QString &pattern);
    void setChainShown(bool shown); ///< false where the value is too long to be decoded

Q_SIGNALS:
    void chainChosen(const slotscope::FormatChain &chain);
    void detectRequested(); ///< back to what the bytes tell
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
};

} // namespace slotscope
